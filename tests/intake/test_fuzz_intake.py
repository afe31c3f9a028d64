"""Files broken at random: never an exception, always an end, every row a capture or a reason.

NOHAVEN_FUZZ sets how many files, NOHAVEN_FUZZ_SEED where to begin; the seed of a failing file is in its message.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import time
import zlib
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
import zstandard

from nohaven.errors import UserMistake
from nohaven.intake.doors import door_of
from nohaven.intake.warc_careful import CarefulWay, Rows
from nohaven.intake.warc_source import open_source
from nohaven.records.capture import Bounds, Capture, LeftOut

from .warcs import Row, http, packed, page, read_all, record

COUNT = int(os.environ.get("NOHAVEN_FUZZ", "1000"))
SEED = int(os.environ.get("NOHAVEN_FUZZ_SEED", str(random.SystemRandom().randrange(1 << 30))))
SECONDS = 5.0  # for one file of a few kB, on a busy machine
BODY = b"<html>" + b" ".join(b"word%d" % number for number in range(60)) + b"</html>"
CHUNKED = b"".join(b"%x\r\n%s\r\n" % (len(BODY), BODY) for _ in range(2)) + b"0\r\n\r\n"
RECORDS = [
    record(b"software: fuzz", "warcinfo", url=""),
    page(1),
    record(http(gzip.compress(BODY), content_encoding="gzip")),
    record(http(zlib.compress(BODY), content_encoding="deflate")),
    record(http(brotli.compress(BODY), content_encoding="br")),
    record(http(zstandard.compress(BODY), content_encoding="zstd")),
    record(http(brotli.compress(gzip.compress(BODY)), content_encoding="gzip, br", transfer_encoding="chunked")),
    record(http(CHUNKED, transfer_encoding="chunked")),
    record(http(BODY, content_type="")),
    record(BODY, "resource", extra="Content-Type: text/html\r\n"),
    record(http(b"", "302 Found", location="/x"), url="http://shop.example/moved"),
    page(2, 3000),
]
ROWS = [
    json.dumps({"url": f"http://a.example/{n}", key: f"\u2028 words {n} \ud800", "captured_at": "2026-10-01"}).encode()
    for n, key in enumerate(["html", "text"] * 3)
]
UNSAFE = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")  # ends a line, or fits no table
TOKENS = [
    b"\r\n\r\n",
    b"WARC/1.0\r\n",
    b"\x1f\x8b\x08",
    b"Content-Length: ",
    b"\0",
    b"\n",
    b"-1",
    b'"',
    b"\\ud800",
    b"{",
]


def mutated(data: bytes, choice: random.Random) -> bytes:
    """The data with a few bytes changed, cut out, doubled or put in."""
    broken = bytearray(data)
    for _ in range(choice.randrange(1, 6)):
        at = choice.randrange(len(broken) + 1)
        length = choice.choice([1, 2, 8, 64, 512])
        kind = choice.randrange(6)
        if kind == 0:
            broken[at : at + length] = choice.randbytes(length)
        elif kind == 1:
            del broken[at : at + length]
        elif kind == 2:
            broken[at:at] = broken[at : at + length]
        elif kind == 3:
            broken[at:at] = choice.choice(TOKENS)
        elif kind == 4 and at < len(broken):
            broken[at] ^= 1 << choice.randrange(8)
        else:
            del broken[at:]
    return bytes(broken)


def warc(choice: random.Random) -> tuple[str, bytes]:
    """Broken before or after it was packed."""
    parts = choice.sample(RECORDS, choice.randrange(1, 6))
    kind = choice.randrange(4)
    if kind == 0:
        return "a.warc", mutated(b"".join(parts), choice)
    if kind == 1:
        return "a.warc.gz", mutated(packed(*parts), choice)
    if kind == 2:
        return "a.warc.gz", packed(*(mutated(part, choice) for part in parts))
    return "a.warc.gz", mutated(gzip.compress(b"".join(parts)) + packed(*parts), choice)


def jsonl(choice: random.Random) -> tuple[str, bytes]:
    return "a.jsonl", mutated(b"\n".join(choice.sample(ROWS, 4)), choice)


@pytest.mark.parametrize("make", [warc, jsonl])
def test_no_broken_file_breaks_intake(tmp_path: Path, make: object) -> None:
    assert callable(make)
    bounds = Bounds(max_page_bytes=1000, max_header_bytes=2000, max_line_bytes=400)
    print(f"seed {SEED}, {COUNT} files")
    for seed in range(SEED, SEED + COUNT):
        choice = random.Random(seed)
        name, data = make(choice)
        path = tmp_path / name
        path.write_bytes(data)
        started = time.monotonic()
        try:
            check(path, bounds, choice)
        except UserMistake:
            continue  # broken beyond knowing it for what it was
        except BaseException as error:
            raise AssertionError(f"NOHAVEN_FUZZ_SEED={seed} NOHAVEN_FUZZ=1: {error!r}") from error
        assert time.monotonic() - started < SECONDS, f"seed {seed}"


def carefully(path: Path, bounds: Bounds) -> list[Row]:
    """The rows of a WARC without the swift way, which must change nothing."""
    with path.open("rb") as file:
        source = open_source(file)
        way = CarefulWay(source, path.name, bounds, lambda _: None, {})
        rows: list[Row] = []
        at = collect(way.gap(0), rows)
        while at < source.size:
            at = collect(way.gap(collect(way.run(at), rows)), rows)
    return rows


def without_rubbish(rows: list[Row]) -> list[Row]:
    """Rows but for rubbish after a record in its own member, which fastwarc passes over where it opens as a record."""
    return [replace(row, length=0) if isinstance(row, Capture) else row for row in rows if not is_rubbish(row)]


def is_rubbish(row: Row) -> bool:
    return isinstance(row, LeftOut) and row.reason == "corrupt_record"


def collect(reading: Rows, rows: list[Row]) -> int:
    while True:
        try:
            rows.append(next(reading))
        except StopIteration as stop:
            return int(stop.value)


def check(path: Path, bounds: Bounds, choice: random.Random) -> None:
    """Reads the whole and a piece; `read_all` checks that every row is one and that the reach comes last."""
    rows, reach, marks = read_all(path, bounds=bounds)
    assert (reach.first, reach.next) == (0, path.stat().st_size)
    assert set(marks) >= {row.offset for row in rows}
    assert marks == sorted(set(marks))
    for row in rows:
        row.input.encode()
        (row.url or "").encode()
        if isinstance(row, Capture):
            assert 0 < len(row.payload) <= bounds.max_page_bytes
            assert not UNSAFE.search(row.url)
    if door_of(path, path.name).name == "warc":
        assert without_rubbish(carefully(path, bounds)) == without_rubbish(rows)
    start = choice.randrange(path.stat().st_size)
    piece, piece_reach, _ = read_all(path, start, start + 500, bounds)
    assert start <= piece_reach.first <= piece_reach.next
    if piece_reach.first in marks:
        assert piece == [row for row in rows if piece_reach.first <= row.offset < piece_reach.next]
