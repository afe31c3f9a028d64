"""The files that are measured: WARC files of real pages where NOHAVEN_DATA names them, else of the exercise's pages."""

from __future__ import annotations

import gzip
import hashlib
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

from nohaven.exercise.build import build_exercise


def saved_pages(folder: Path) -> Iterator[bytes]:
    """The bytes of every saved page under a folder, in folders packed as .tar.gz too."""
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as packed:
                for member in packed:
                    file = packed.extractfile(member) if member.isfile() else None
                    if file is not None:
                        yield file.read()
        elif path.is_file() and path.suffix != ".json":
            yield path.read_bytes()


def exercise_pages(folder: Path) -> Iterator[bytes]:
    """The bytes of the pages of a made-up web."""
    files = build_exercise(folder, 1000, 3)
    with files.warc.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            if record.http_headers is not None and record.http_headers.status_code == 200:
                yield record.reader.read()


def pages_to_measure(folder: Path) -> tuple[str, list[bytes]]:
    """What the pages are, and their bytes."""
    data = os.environ.get("NOHAVEN_DATA")
    if data:
        return "real pages", list(saved_pages(Path(data) / "pages"))
    return "pages of the exercise (NOHAVEN_DATA is not set)", list(exercise_pages(folder / "exercise"))


def write_warc(path: Path, pages: list[bytes], count: int) -> int:
    """A WARC of so many responses, the pages in turn, each with its own URL and content; the mean size in bytes."""
    size = 0
    with path.open("wb") as file:
        for number in range(count):
            body = pages[number % len(pages)] + f"\n<!-- {path.name} {number} -->".encode()
            size += len(body)
            file.write(gzip.compress(_record(path.name, number, body), 6, mtime=0))
    return size // count


def _record(name: str, number: int, body: bytes) -> bytes:
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
    host = hashlib.sha256(f"{name}{number % 500}".encode()).hexdigest()[:12]
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\n"
        f"WARC-Target-URI: http://p{host}.example/{number}\r\nWARC-Date: 2026-10-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{hashlib.md5(f'{name}{number}'.encode(), usedforsecurity=False).hexdigest()}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http) + len(body)}\r\n\r\n"
    )
    return head.encode() + http + body + b"\r\n\r\n"
