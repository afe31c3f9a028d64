"""Files that are cut, corrupt, or say what is not so: what can be read is read, the rest is named."""

from __future__ import annotations

import gzip
import hashlib
import random
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
import zstandard

from nohaven.records.capture import Bounds, Capture, LeftOut

from .warcs import HTML, URL, Row, http, packed, page, read_all, read_bytes, record, told

PAGES = [page(number) for number in range(4)]
MEMBERS = [packed(data) for data in PAGES]
WHOLE = b"".join(MEMBERS)
ALL = [("capture", f"{URL}{number}") for number in range(4)]
SECOND = len(MEMBERS[0])
THIRD = SECOND + len(MEMBERS[1])


def test_sound_files_have_no_remainder(tmp_path: Path) -> None:
    for data in (WHOLE, b"".join(PAGES)):
        assert told(read_bytes(tmp_path, data)) == ALL


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


GZIP_DAMAGE = [
    ("first byte", lambda member: flipped(member, 0), ""),
    ("flags", lambda member: flipped(member, 3), ""),
    ("deflate data", lambda member: flipped(member, len(member) - 60), f"{URL}1"),
    ("checksum", lambda member: flipped(member, len(member) - 6), f"{URL}1"),
    ("length", lambda member: flipped(member, len(member) - 2), f"{URL}1"),
    ("all of it", lambda member: bytes(len(member)), None),  # padding, as far as anyone can tell
    ("rubbish", lambda member: b"rubbish" * (len(member) // 7), ""),
    ("no record in it", lambda _: gzip.compress(b"hello", mtime=0), ""),
]


@pytest.mark.parametrize(("damage", "url"), [row[1:] for row in GZIP_DAMAGE], ids=[row[0] for row in GZIP_DAMAGE])
def test_gzip_damage_costs_one_record(tmp_path: Path, damage: Callable[[bytes], bytes], url: str | None) -> None:
    rows = read_bytes(tmp_path, MEMBERS[0] + damage(MEMBERS[1]) + MEMBERS[2] + MEMBERS[3])
    expected = [ALL[0], *([] if url is None else [("corrupt_record", url)]), *ALL[2:]]
    assert told(rows) == expected
    if url is not None:
        assert rows[1].offset == SECOND
        assert isinstance(rows[1], LeftOut)
        assert f"{rows[2].offset - SECOND} bytes passed over" in (rows[1].detail or "")


def test_damage_at_the_start_of_a_file(tmp_path: Path) -> None:
    gzip_inside = record(http(MEMBERS[2], content_encoding="gzip"))
    for data in (
        flipped(MEMBERS[0], 0) + MEMBERS[1],
        *(b"XARC" + first[4:] + PAGES[1] for first in (PAGES[0], gzip_inside)),
    ):
        rows = read_bytes(tmp_path, data)
        assert told(rows) == [("corrupt_record", ""), ALL[1]]
        assert rows[0].offset == 0


PADDING = [
    gzip.compress(b"", mtime=0),  # some writers close a file with it; fastwarc takes it for the end
    gzip.compress(b"", mtime=0) * 3,
    bytes(5000),
    b"\r\n",
]


@pytest.mark.parametrize("padding", PADDING, ids=["empty member", "three of them", "zeros", "line end"])
def test_padding_is_passed_over_in_silence(tmp_path: Path, padding: bytes) -> None:
    assert told(read_bytes(tmp_path, MEMBERS[0] + padding + b"".join(MEMBERS[1:]) + padding)) == ALL


@pytest.mark.parametrize("left", range(1, len(MEMBERS[3])))
def test_a_file_cut_at_any_byte(tmp_path: Path, left: int) -> None:
    """What is there of the last record is taken, and the cut is named."""
    rows = read_bytes(tmp_path, WHOLE[:-left])
    assert told(rows[:3]) == ALL[:3]
    assert told(rows[-1:])[0][0] == "truncated"
    assert rows[-1].offset == len(WHOLE) - len(MEMBERS[3])
    for row in rows[3:-1]:
        assert isinstance(row, Capture)
        assert row.url == f"{URL}3"
        assert PAGES[3].find(row.payload) > 0
        assert row.truncated == (not PAGES[3].endswith(row.payload + b"\r\n\r\n"))


def test_a_plain_file_cut_at_any_byte(tmp_path: Path) -> None:
    data = b"".join(PAGES)
    for left in range(5, len(PAGES[3])):
        rows = read_bytes(tmp_path, data[:-left])
        assert told(rows[:3]) == ALL[:3]
        assert told(rows[-1:])[0][0] == "truncated", left
        assert len(rows) <= 5


def test_a_cut_inside_the_body_keeps_the_start_of_the_page(tmp_path: Path) -> None:
    capture, left_out = read_bytes(tmp_path, WHOLE[:-60])[3:]
    assert isinstance(capture, Capture)
    assert capture.truncated
    assert (left_out.offset, left_out.url) == (capture.offset, capture.url)


def test_a_record_cut_by_the_next_one_keeps_its_start(tmp_path: Path) -> None:
    """A crawler that crashed and was started again on the same file."""
    for left in (1, 8, 30, 60, 100):
        rows = read_bytes(tmp_path, MEMBERS[0] + MEMBERS[1][:-left] + MEMBERS[2] + MEMBERS[3])
        assert told(rows) == [ALL[0], ALL[1], ("truncated", f"{URL}1"), *ALL[2:]]


LENGTHS = ["20", "0", "100000", "-5", "x", "", str(2**70), "3, 3"]


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("gzipped", [True, False])
def test_a_wrong_length_of_a_record_costs_nothing(tmp_path: Path, length: str, gzipped: bool) -> None:
    wrong = record(http(HTML * 9), url=f"{URL}1", length=length)
    parts = [PAGES[0], wrong, *PAGES[2:]]
    rows = read_bytes(tmp_path, packed(*parts) if gzipped else b"".join(parts))
    assert told(rows) == ALL
    assert isinstance(rows[1], Capture)
    assert rows[1].payload == HTML * 9


HEADERS = [
    "nocolon\r\n",
    "X-\xe9: \udcff\udcfe\r\n",  # bytes that are no UTF-8
    "X: a\r\n folded\r\n",
    "WARC-Type: request\r\n",  # repeated: the first counts
    ": no name\r\n",
    "X: " + "y" * 60_000 + "\r\n",
]


@pytest.mark.parametrize("extra", HEADERS, ids=range(len(HEADERS)))
@pytest.mark.parametrize("gzipped", [True, False])
def test_odd_record_headers_are_read(tmp_path: Path, extra: str, gzipped: bool) -> None:
    parts = [PAGES[0], record(http(), url=f"{URL}1", extra=extra), *PAGES[2:]]
    assert told(read_bytes(tmp_path, packed(*parts) if gzipped else b"".join(parts))) == ALL


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_record_header_of_a_megabyte_costs_one_record(tmp_path: Path, gzipped: bool) -> None:
    parts = [PAGES[0], record(http(), extra=f"X: {'y' * 1_000_000}\r\n"), *PAGES[2:]]
    rows = read_bytes(tmp_path, packed(*parts) if gzipped else b"".join(parts))
    assert told(rows) == [ALL[0], ("corrupt_record", ""), *ALL[2:]]


def test_bare_line_feeds(tmp_path: Path) -> None:
    parts = [PAGES[0], PAGES[1].replace(b"\r\n", b"\n"), *PAGES[2:]]
    assert told(read_bytes(tmp_path, packed(*parts))) == ALL  # fastwarc joins two records here
    assert told(read_bytes(tmp_path, b"".join(parts))) == ALL


def test_several_records_in_a_member(tmp_path: Path) -> None:
    """`gzip crawl.warc`, and a file of which only some members hold several."""
    rows = read_bytes(tmp_path, gzip.compress(b"".join(PAGES)))
    assert told(rows) == ALL
    assert [(row.offset, row.length) for row in rows if isinstance(row, Capture)] == [(n, 0) for n in range(4)]
    mixed = read_bytes(tmp_path, MEMBERS[0] + gzip.compress(PAGES[1] + PAGES[2]) + MEMBERS[3])
    assert told(mixed) == ALL
    assert len({row.offset for row in mixed}) == 4


def test_records_over_many_members(tmp_path: Path) -> None:
    """Block gzip, whose members end anywhere."""
    data = b"".join(PAGES)
    for size in (100, 333):
        blocks = b"".join(gzip.compress(data[at : at + size]) for at in range(0, len(data), size))
        assert told(read_bytes(tmp_path, blocks)) == ALL


def test_rubbish_after_a_record_in_its_member(tmp_path: Path) -> None:
    data = MEMBERS[0] + gzip.compress(PAGES[1] + b"rubbish\r\nmore") + MEMBERS[2] + MEMBERS[3]
    rows = read_bytes(tmp_path, data)
    assert told(rows) == [*ALL[:2], ("corrupt_record", ""), *ALL[2:]]


@pytest.mark.parametrize("level", [0, 6])
def test_a_warc_inside_a_page_is_not_read(tmp_path: Path, level: int) -> None:
    """A forged record in a payload must not speak for another site, packed or not."""
    forged = record(http(b"<p>forged"), url="http://bank.example/")
    random_bytes = random.Random(3).randbytes(300)
    for inner in (forged, gzip.compress(forged), random_bytes + gzip.compress(forged, 0) + random_bytes):
        outer = record(http(b"<p>a\r\n\r\n" + inner + b"\r\n\r\n" + inner), url=f"{URL}1")
        packed_outer = gzip.compress(outer, level)
        assert told(read_bytes(tmp_path, MEMBERS[0] + packed_outer + MEMBERS[2] + MEMBERS[3])) == ALL
        assert told(read_bytes(tmp_path, PAGES[0] + outer + PAGES[2] + PAGES[3])) == ALL


def test_skipped_records_are_not_parsed(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    for data, offsets in ((WHOLE, [0, SECOND, THIRD]), (b"".join(PAGES), [0, len(PAGES[0]), len(PAGES[0] + PAGES[1])])):
        path.write_bytes(data)
        rows, _, marks = read_all(path, skip={offsets[1]: "worker_died", offsets[2]: "too_slow"})
        assert [row[0] for row in told(rows)] == ["capture", "worker_died", "too_slow", "capture"]
        assert [row.offset for row in rows] == marks
        assert marks[:3] == offsets


def test_every_record_is_marked_before_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(MEMBERS[0] + flipped(MEMBERS[1], 40) + MEMBERS[2] + MEMBERS[3])
    rows, _, marks = read_all(path)
    assert marks == [row.offset for row in rows]


# --- bounds ---------------------------------------------------------------------------------------------------------


def gzipped_zeros(megabytes: int) -> bytes:
    engine = zlib.compressobj(9, wbits=31)
    return b"".join([*(engine.compress(bytes(1 << 20)) for _ in range(megabytes)), engine.flush()])


BOMBS = [
    ("gzip", gzipped_zeros(300)),
    ("br", brotli.compress(bytes(100 << 20), quality=5)),
    ("zstd", zstandard.compress(bytes(300 << 20))),
    ("gzip, gzip", gzip.compress(gzipped_zeros(300))),
    ("gzip, br", brotli.compress(gzipped_zeros(100), quality=5)),
    ("gzip, br", brotli.compress(gzip.compress(b"") * 10_000_000, quality=3)),  # great only in between
]


@pytest.mark.parametrize(("label", "body"), BOMBS, ids=[f"{n}-{row[0]}" for n, row in enumerate(BOMBS)])
def test_bombs_are_left_out_in_bounded_memory(tmp_path: Path, label: str, body: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(packed(record(http(body, content_encoding=label), url=f"{URL}0"), *PAGES[1:]))
    rows, peak = measured(path)
    assert told(rows) == [("decompression_bomb", f"{URL}0"), *ALL[1:]]
    assert peak < 50 << 20


def test_a_large_page_that_packs_well_is_cut_and_not_a_bomb(tmp_path: Path) -> None:
    body = gzip.compress(b" ".join(b"<p>%d" % number for number in range(900_000)))
    rows = read_bytes(tmp_path, packed(record(http(body, content_encoding="gzip"))))
    assert isinstance(rows[0], Capture)
    assert (rows[0].truncated, len(rows[0].payload)) == (True, Bounds().max_page_bytes)


def test_a_page_of_500_megabytes_is_cut_in_bounded_memory(tmp_path: Path) -> None:
    """The bytes are a hole in the file, so that the test writes none."""
    size, head = 500 << 20, http(b"<p>")
    path = tmp_path / "a.warc"
    with path.open("wb") as file:
        file.write(record(head, url=f"{URL}0", length=len(head) + size).removesuffix(b"\r\n\r\n"))
        file.seek(size, 1)
        file.write(b"\r\n\r\n" + b"".join(PAGES[1:]))
    rows, peak = measured(path)
    assert told(rows) == ALL
    assert isinstance(rows[0], Capture)
    assert (rows[0].truncated, len(rows[0].payload)) == (True, Bounds().max_page_bytes)
    assert peak < 50 << 20


def test_a_long_packed_page_is_cut_and_hashed_whole(tmp_path: Path) -> None:
    """Longer than the swift way takes at once."""
    body = random.Random(1).randbytes(6 << 20).hex().encode()
    data = gzip.compress(record(http(body), url=f"{URL}0"), 1)
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data + b"".join(MEMBERS[1:]))
    rows, peak = measured(path)
    assert told(rows) == ALL
    capture = rows[0]
    assert isinstance(capture, Capture)
    assert (capture.truncated, capture.payload) == (True, body[: Bounds().max_page_bytes])
    assert (capture.length, capture.payload_sha256) == (len(data), hashlib.sha256(body).hexdigest())
    assert peak < 20 << 20


def test_a_member_that_is_a_bomb_is_left_out(tmp_path: Path) -> None:
    start = record(http(), url=f"{URL}0", length=2 << 30).removesuffix(b"\r\n\r\n")
    engine = zlib.compressobj(9, wbits=31)
    data = b"".join([engine.compress(start), *(engine.compress(bytes(1 << 20)) for _ in range(400)), engine.flush()])
    path = tmp_path / "a.warc.gz"
    path.write_bytes(data + b"".join(MEMBERS[1:]))
    rows, peak = measured(path)
    assert told(rows) == [("decompression_bomb", f"{URL}0"), *ALL[1:]]
    assert peak < 50 << 20


def measured(path: Path) -> tuple[list[Row], int]:
    """The rows of a file, and the most memory that reading it took."""
    tracemalloc.start()
    try:
        rows = read_all(path)[0]
        return rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
