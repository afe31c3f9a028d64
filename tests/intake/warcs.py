"""WARCs written for the tests, by hand, so that they can be wrong in every way."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

from nohaven.intake.doors import door_of
from nohaven.records.capture import Bounds, Capture, LeftOut, Reach, Unit

HTML = b"<html><title>Shop</title><p>Garden tools</p></html>"
URL = "http://shop.example/"
Row = Capture | LeftOut


def http(body: bytes = HTML, status: str = "200 OK", **fields: str) -> bytes:
    """A response; `content_type` is text/html unless given, and left out where it is empty."""
    fields.setdefault("content_type", "text/html")
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def record(
    block: bytes,
    kind: str = "response",
    url: str = URL,
    length: int | str | None = None,
    extra: str = "",
    date: str = "2026-10-01T12:00:00Z",
) -> bytes:
    """A record; a wrong `length` and further header lines (`extra`, each with its line end) can be given."""
    target = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: {date}\r\n{target}{extra}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode("utf-8", "surrogateescape") + block + b"\r\n\r\n"


def page(number: int, size: int = 300) -> bytes:
    """A sound record with its own URL and content of about `size` bytes that do not compress to nothing."""
    words = b" ".join(b"%x" % (number * 7919 + at * at * 31) for at in range(size // 6))
    return record(http(b"<p>%d %s</p>" % (number, words)), url=f"{URL}{number}")


def packed(*records: bytes) -> bytes:
    """One gzip member a record."""
    return b"".join(gzip.compress(record, mtime=0) for record in records)


def read_all(
    path: Path,
    start: int = 0,
    end: int | None = None,
    bounds: Bounds | None = None,
    skip: Mapping[int, str] | None = None,
) -> tuple[list[Row], Reach, list[int]]:
    """The rows of a piece of a file, its reach, and the marks made on the way."""
    door = door_of(path, path.name)
    size = door.units(path, 1 << 60)[-1][1]
    unit = Unit(0, path.name, str(path), door.name, start, size if end is None else end)
    marks: list[int] = []
    items = list(door.read(unit, bounds or Bounds(), marks.append, skip or {}))
    *rows, reach = items
    assert isinstance(reach, Reach)
    assert all(isinstance(row, Capture | LeftOut) for row in rows)
    return [row for row in rows if not isinstance(row, Reach)], reach, marks


def read_bytes(tmp_path: Path, data: bytes, bounds: Bounds | None = None, name: str = "a.warc.gz") -> list[Row]:
    path = tmp_path / name
    path.write_bytes(data)
    return read_all(path, bounds=bounds)[0]


def told(rows: list[Row]) -> list[tuple[str, ...]]:
    """Rows in short: what a test looks at first."""
    return [("capture", row.url) if isinstance(row, Capture) else (row.reason, row.url or "") for row in rows]
