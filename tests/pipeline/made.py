"""Small crawls made for the tests, sweeps of them by the command, and what a sweep holds."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq

from nohaven.pipeline.plan import Asked
from nohaven.pipeline.sweep import SweepReport, run_sweep
from nohaven.records.capture import Bounds
from nohaven.store.tables import PARTS, WHOLE, read_table

OFFER = "出售枪支弹药，货到付款，微信 example-id-77"
NOHAVEN = [sys.executable, "-m", "nohaven.cli.main"]


def record(url: str, body: bytes, *fields: str, kind: str = "text/html", length: int | None = None) -> bytes:
    """A response record, not compressed; `fields` are further lines of the HTTP head."""
    head = "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {kind}", *fields, "", ""]).encode()
    size = len(head) + len(body) if length is None else length
    lines = ["WARC/1.1", "WARC-Type: response", "WARC-Record-ID: <urn:uuid:1>", "WARC-Date: 2026-10-01T12:00:00Z"]
    lines += [f"WARC-Target-URI: {url}", f"Content-Length: {size}", "", ""]
    return "\r\n".join(lines).encode() + head + body + b"\r\n\r\n"


def packed(*records: bytes) -> list[bytes]:
    """A gzip member a record."""
    return [gzip.compress(r, 1, mtime=0) for r in records]


def page(number: int, text: str = "garden tools and seeds", host: str = "plain.example") -> bytes:
    """An ordinary record with words of its own."""
    return record(f"http://{host}/{number}", f"<title>p{number}</title><p>{text} no {number}</p>".encode())


def run(*arguments: str, given: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command to its end."""
    return subprocess.run([*NOHAVEN, *arguments], capture_output=True, input=given, check=False, cwd=cwd, timeout=120)


def sweep(*inputs: Path, out: Path, resume: bool = False, until: str = "detection", workers: int = 1) -> SweepReport:
    """A sweep by the function behind the command."""
    asked = Asked(until, Bounds().max_page_bytes, 20.0, None, 1)
    return run_sweep([str(i) for i in inputs], out, asked, workers, resume, lambda _: None)


def rows(folder: Path) -> dict[str, list[str]]:
    """Every row of every table as sorted text, whatever file it lies in."""
    tables = {n: read_table(folder / n if n in PARTS else folder / f"{n}.parquet") for n in [*PARTS, *WHOLE]}
    return {n: sorted(json.dumps(r, default=str, sort_keys=True) for r in t.to_pylist()) for n, t in tables.items()}


def left_out(folder: Path) -> dict[str, list[tuple[int, str]]]:
    """By URL, or input where there is none: offsets and reasons."""
    found: dict[str, list[tuple[int, str]]] = {}
    for row in read_table(folder / "left_out").to_pylist():
        found.setdefault(row["url"] or Path(row["input"]).name, []).append((row["offset"], row["reason"]))
    return found


def pages(folder: Path) -> dict[str, dict[str, object]]:
    """Rows of `pages` by URL."""
    return {r["url"]: r for r in read_table(folder / "pages").to_pylist()}


def all_text(folder: Path) -> Iterator[tuple[str, str]]:
    """Name and content of every file below a folder and beside it, unpacked."""
    beside = sorted(folder.parent.glob(f"{folder.name}.*"))
    for file in [*filter(Path.is_file, sorted(folder.rglob("*"))), *beside]:
        if file.suffix == ".parquet":
            yield file.name, json.dumps(pq.read_table(file).to_pylist(), default=str, ensure_ascii=False)
        else:
            data = file.read_bytes()
            yield file.name, (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8", "replace")
