"""Erases a site, a value or old pages from a sweep: from every table and every copy of a capture, on record.

The record says what kind of erasure was done and how much it took away, never the value. Rewritten files are made
under another name and moved into place, so that a stop in the middle leaves each file old or new, never half.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nohaven.errors import UserMistake
from nohaven.pipeline.sites import site_table
from nohaven.store.captures import CaptureWriter, members
from nohaven.store.sweep_folder import CAPTURES, ERASURES, RUN, WORK, SweepFolder
from nohaven.store.tables import Row, write_arrow
from nohaven.values.site import carrier_of, registrable, site_of

_SITE_COLUMNS = frozenset({"site", "carrier", "site_a", "site_b"})
_URL_COLUMNS = frozenset({"url", "final_url"})
_TIME_COLUMNS = ("captured_at", "last_seen", "seen_at", "checked_at", "joined_at")
_REBUILT = frozenset({"sites"})  # counted again from what is left


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to go: exactly one of the three."""

    site: str | None = None
    value: str | None = None
    older_than_days: int | None = None

    @property
    def kind(self) -> str:
        """The word for the record."""
        return "site" if self.site is not None else "value" if self.value is not None else "older_than"


def erase_from(folder: SweepFolder, erasure: Erasure, now: datetime) -> dict[str, int]:
    """Erase, and return how many rows and records went, by table. Also opens a folder whose sweep is not finished."""
    if not folder.path.is_dir() or not (folder.run_file.is_file() or folder.work.is_dir()):
        raise UserMistake(
            f"{folder.path} is not a sweep (it has no {RUN}); name the folder that `nohaven sweep` wrote."
        )
    goes = _condition(erasure, now)
    gone: Counter[str] = Counter()
    pages = _pages_to_go(folder, goes)
    for file in _parquet_files(folder.path):
        name = _table_name(file, folder.path)
        if name not in _REBUILT:
            gone[name] += _rewrite_table(file, lambda row: goes(row) or row.get("page_id") in pages)
    for file in sorted(folder.path.rglob("*.warc.gz")):
        gone[CAPTURES] += _rewrite_captures(file, goes)
    gone["judgements"] += _rewrite_judgements(folder.path.with_name(folder.path.name + ".judgements.jsonl"), goes)
    if folder.run_file.is_file():
        write_arrow(folder.path / "sites.parquet", site_table(folder.path))
    counts = {name: count for name, count in sorted(gone.items()) if count}
    _record(folder, erasure, counts, now)
    return counts


def _condition(erasure: Erasure, now: datetime) -> Callable[[Row], bool]:
    """Whether a row is to go."""
    if erasure.site is not None:
        return _of_site(erasure.site.strip().lower())
    if erasure.value is not None:
        return _with_value(erasure.value.strip())
    limit = now - timedelta(days=erasure.older_than_days or 0)
    return lambda row: any(isinstance(t := row.get(c), datetime) and t < limit for c in _TIME_COLUMNS)


def _of_site(site: str) -> Callable[[Row], bool]:
    """Rows of a site: by its columns, and by the site and carrier of every URL."""
    wanted = {site, registrable(site) if "/" not in site else site}

    def goes(row: Row) -> bool:
        if any(row.get(c) in wanted for c in _SITE_COLUMNS):
            return True
        urls = [u for c in _URL_COLUMNS if isinstance(u := row.get(c), str)]
        return any(site_of(u) in wanted or carrier_of(u) in wanted for u in urls)

    return goes


def _with_value(value: str) -> Callable[[Row], bool]:
    """Rows in which a value stands anywhere as a whole word, whatever the column."""
    if not value:
        raise UserMistake("--value is empty; name the channel, number or name to erase.")
    pattern = re.compile(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", re.IGNORECASE)
    return lambda row: any(pattern.search(text) for text in _texts(list(row.values())))


def _texts(values: object) -> Iterator[str]:
    """All strings in nested values."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        yield from _texts(list(values.values()))
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from _texts(value)


def _pages_to_go(folder: SweepFolder, goes: Callable[[Row], bool]) -> frozenset[str]:
    """Pages of which any row goes: all their rows go with them."""
    return frozenset(
        str(row["page_id"])
        for file in _parquet_files(folder.path)
        for row in _rows(file)
        if row.get("page_id") is not None and goes(row)
    )


def _parquet_files(folder: Path) -> list[Path]:
    """Every table of the sweep, those of unfinished work included; new tables cannot be forgotten."""
    return sorted(folder.rglob("*.parquet"))


def _rows(file: Path) -> Iterator[Row]:
    """Rows of a file, a batch at a time."""
    for batch in pq.ParquetFile(file).iter_batches(batch_size=4096):
        yield from batch.to_pylist()


def _table_name(file: Path, root: Path) -> str:
    """The table that a file belongs to."""
    parent = file.parent
    in_units = WORK in file.relative_to(root).parts
    return file.stem if parent == root or (in_units and parent.parent.name == "units") else parent.name


def _rewrite_table(file: Path, goes: Callable[[Row], bool]) -> int:
    """Write a file again without the rows that go. Returns their number; untouched files stay as they are."""
    rows = list(_rows(file))
    keep = [not goes(row) for row in rows]
    if all(keep):
        return 0
    table = pq.read_table(file).filter(pa.array(keep))
    half = file.with_suffix(".half")
    write_arrow(half, table)
    half.replace(file)
    return keep.count(False)


def _rewrite_captures(file: Path, goes: Callable[[Row], bool]) -> int:
    """Write copies of captures again without those that go."""
    half = file.with_suffix(".half")
    writer = CaptureWriter(half)
    gone = kept = 0
    for record, member in members(file):
        url = record.headers.get("WARC-Target-URI") or ""
        body = record.reader.read().decode("utf-8", "replace")
        if goes({"url": url, "captured_at": record.record_date, "body": body}):
            gone += 1
            continue
        kept += 1
        writer.write_member(member)
    writer.close()
    if not gone:
        half.unlink(missing_ok=True)
    elif kept:
        half.replace(file)
    else:
        file.unlink()
    return gone


def _rewrite_judgements(file: Path, goes: Callable[[Row], bool]) -> int:
    """Judgements beside the sweep that speak of what goes."""
    if not file.is_file():
        return 0
    lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    kept = [line for line in lines if not _judgement_goes(json.loads(line), goes)]
    half = file.with_suffix(".half")
    half.write_text("".join(line + "\n" for line in kept), encoding="utf-8")
    shutil.copymode(file, half)
    half.replace(file)
    return len(lines) - len(kept)


def _judgement_goes(judgement: object, goes: Callable[[Row], bool]) -> bool:
    return isinstance(judgement, dict) and goes(judgement)


def _record(folder: SweepFolder, erasure: Erasure, counts: dict[str, int], now: datetime) -> None:
    """One line in the record of erasures: no value, no site, only what kind and how much."""
    line: dict[str, object] = {"erased_at": now.astimezone(UTC).isoformat(), "by": erasure.kind, "rows": counts}
    if erasure.older_than_days is not None:
        line["days"] = erasure.older_than_days
    path = folder.path / ERASURES
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
