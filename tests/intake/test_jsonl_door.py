"""Rows of JSONL, good and bad."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nohaven.records.capture import Bounds, Capture, LeftOut

from .warcs import read_all, read_bytes, told

GOOD = b'{"url": "http://a.example/", "text": "words"}\n'
SURROGATE = '"http://a.example/\\ud800"'

ROWS = [
    (b'{"url": "http://a.example/", "html": "<p>a"}', "text/html", b"<p>a"),
    (b'{"url": "http://a.example/", "text": "a"}', "text/plain", b"a"),
    (b'{"url": "http://a.example/", "text": "a", "html": null}', "text/plain", b"a"),  # null is absent
    ('{"url": "http://a.example/", "text": "a\u2028b\x85c\x0bd"}'.encode().replace(b"\x0b", b""), None, None),
    (b'{"url": "http://a.example/", "text": "a\\ud800b"}', "text/plain", "a\ufffdb".encode()),  # half a character
    (b'{"url": "http://a.example/", "text": "\\ud83d\\ude00"}', "text/plain", "😀".encode()),  # both halves
    (b'{"url": "http://a.example/", "text": "a\\u0000b"}', "text/plain", b"a\0b"),
    (b'{"url": "http://a.example/", "text": "a\xffb"}', "text/plain", "a\ufffdb".encode()),  # no UTF-8
    (b'  {"url": "http://a.example/", "text": "a"}\r', "text/plain", b"a"),  # line ends of Windows
]


@pytest.mark.parametrize(("line", "mime", "payload"), ROWS)
def test_rows(tmp_path: Path, line: bytes, mime: str | None, payload: bytes | None) -> None:
    rows = read_bytes(tmp_path, line + b"\n" + GOOD, name="a.jsonl")
    assert [type(row) for row in rows] == [Capture, Capture]  # one line is one row, whatever is in it
    first = rows[0]
    assert isinstance(first, Capture)
    if payload is None:
        payload, mime = "a\u2028b\x85cd".encode(), "text/plain"
    assert (first.mime, first.payload, first.charset) == (mime, payload, "utf-8")
    assert first.payload_sha256 == hashlib.sha256(payload).hexdigest()
    assert (first.offset, first.length, rows[1].offset) == (0, len(line) + 1, len(line) + 1)


BAD_ROWS = [
    (b'{"url": "http://a.example/", "text": "secret', "bad_json", "Invalid control character at at character 45"),
    (b"secret", "bad_json", "Expecting value at character 1"),
    (b'{"text": "a\tb"}', "bad_json", "Invalid control character at at character 12"),
    (b"[" * 100_000, "bad_json", "nested too deeply"),
    (b'{"n": ' + b"9" * 10_000 + b"}", "bad_json", "a number with too many digits"),
    (b"[1]", "bad_row", "not an object"),
    (b"null", "bad_row", "not an object"),
    (b'{"url": "http://a.example/"}', "bad_row", "neither html nor text"),
    (b'{"url": "http://a.example/", "html": "a", "text": "b"}', "bad_row", "both html and text"),
    (b'{"url": "http://a.example/", "html": 5}', "bad_row", "html or text is no string"),
    (b'{"text": "a"}', "no_url", None),
    (b'{"url": "", "text": "a"}', "no_url", None),
    (b'{"url": 7, "text": "a"}', "no_url", None),
    (b'{"url": "http://a.example/", "text": " \\n "}', "empty", None),
]


@pytest.mark.parametrize(("line", "reason", "detail"), BAD_ROWS, ids=range(len(BAD_ROWS)))
def test_bad_rows_are_named_without_their_content(tmp_path: Path, line: bytes, reason: str, detail: str | None) -> None:
    rows = read_bytes(tmp_path, GOOD + line + b"\n" + GOOD, name="a.jsonl")
    assert isinstance(rows[1], LeftOut)
    assert (rows[1].reason, rows[1].detail, rows[1].offset) == (reason, detail, len(GOOD))
    assert isinstance(rows[0], Capture)
    assert isinstance(rows[-1], Capture)


TIMES = [
    ("2026-10-01T14:00:00+02:00", datetime(2026, 10, 1, 12, tzinfo=UTC)),
    ("2026-10-01 12:00", datetime(2026, 10, 1, 12, tzinfo=UTC)),  # no zone: UTC
    ("yesterday", None),
    (1790000000, None),  # no ISO 8601
    (None, None),
]


@pytest.mark.parametrize(("written", "time"), TIMES)
def test_captured_at(tmp_path: Path, written: object, time: datetime | None) -> None:
    line = json.dumps({"url": "http://a.example/", "text": "a", "captured_at": written}).encode()
    (row,) = read_bytes(tmp_path, line, name="a.jsonl")
    assert isinstance(row, Capture)
    assert row.captured_at == time


def test_urls_hold_no_surrogates_and_no_line_ends(tmp_path: Path) -> None:
    lines = [b'{"url": %s, "text": "a"}' % url for url in (SURROGATE.encode(), b'"http://a.example/\\n x"')]
    assert told(read_bytes(tmp_path, b"\n".join(lines), name="a.jsonl")) == [
        ("capture", "http://a.example/\ufffd"),
        ("capture", "http://a.example/%0A%20x"),
    ]


def test_mark_at_the_start_blank_lines_and_no_last_line_end(tmp_path: Path) -> None:
    rows = read_bytes(tmp_path, b"\xef\xbb\xbf" + GOOD + b"\n  \r\n" + GOOD.rstrip(), name="a.jsonl")
    assert [row.offset for row in rows] == [0, len(GOOD) + 8]
    assert told(rows) == [("capture", "http://a.example/")] * 2


def test_long_rows_are_cut_and_too_long_ones_left_out_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    long = b'{"url": "http://a.example/", "text": "' + b"x" * 5000 + b'"}\n'
    huge = long.replace(b"x" * 5000, b"y" * 50_000_000)
    path.write_bytes(GOOD + huge + long + GOOD)
    tracemalloc.start()
    rows, _, marks = read_all(path, bounds=Bounds(max_page_bytes=1000, max_line_bytes=1_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row[0] for row in told(rows)] == ["capture", "line_too_long", "capture", "capture"]
    assert isinstance(rows[2], Capture)
    assert (rows[2].payload, rows[2].truncated) == (b"x" * 1000, True)
    assert rows[2].payload_sha256 == hashlib.sha256(b"x" * 5000).hexdigest()
    assert marks == [row.offset for row in rows]
    assert peak < 10_000_000


def test_a_line_of_50_megabytes_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"url": "http://a.example/", "text": "' + b"y" * 50_000_000 + b'"}\n' + GOOD)
    rows = read_all(path)[0]
    assert isinstance(rows[0], Capture)
    assert (len(rows[0].payload), rows[0].truncated, len(rows)) == (Bounds().max_page_bytes, True, 2)


def test_skip(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(GOOD * 3)
    rows, _, _ = read_all(path, skip={len(GOOD): "worker_died"})
    assert [row[0] for row in told(rows)] == ["capture", "worker_died", "capture"]
