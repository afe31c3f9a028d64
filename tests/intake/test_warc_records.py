"""What each kind of WARC record becomes."""

from __future__ import annotations

import hashlib
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard

from nohaven.records.capture import Bounds, Capture, LeftOut

from .warcs import HTML, URL, http, packed, page, read_bytes, record

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(40)

LEFT_OUT = [
    (record(b"GET / HTTP/1.1\r\n\r\n", "request"), "request", None),  # what was asked, not what came
    (record(b"fetchTimeMs: 3", "metadata"), "metadata", None),
    (record(b"software: x", "warcinfo", url=""), "warcinfo", None),
    (record(http(), "revisit"), "revisit", None),  # the content lies elsewhere
    (record(b"rest", "continuation"), "continuation", None),
    (record(http(), "screenshot"), "unknown_record", "screenshot"),
    (record(http(status="404 Not Found")), "error_status", "404"),
    (record(http(status="503 Busy")), "error_status", "503"),
    (record(http(status="101 Switching Protocols")), "error_status", "101"),  # no page comes with it
    (record(http(b"", "302 Found", location="/next")), "redirect", "/next"),
    (record(http(b"", "304 Not Modified")), "redirect", None),  # says of no other place
    (record(http(PNG, content_type="image/png")), "not_text", "image/png"),
    (record(http(b"{}", content_type="application/json")), "not_text", "application/json"),
    (record(http(b"<rss/>", content_type="application/rss+xml")), "not_text", "application/rss+xml"),
    (record(http(PNG, content_type="")), "not_text", "image/png by its first bytes"),  # no type: sniffed
    (record(http(b"ab\0\0\1cd", content_type="")), "not_text", "binary by its first bytes"),
    (record(http(b"%PDF-1.7 x")), "not_text", "application/pdf by its first bytes"),  # the header lies
    (record(http(b"")), "empty", None),
    (record(http(b" \r\n ")), "empty", None),
    (record(b""), "empty", None),
    (record(http(), url=""), "no_url", None),
    (record(b"192.0.2.7", url="dns:shop.example"), "not_http", "dns"),
    (record(b"<html>no status line</html>"), "not_http", "no HTTP status line"),
    (record(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1_000_000 + b"\r\n\r\n<p>"), "header_too_long", "over 65536 bytes"),
]


@pytest.mark.parametrize(("data", "reason", "detail"), LEFT_OUT, ids=[f"{row[1]}-{row[2]}" for row in LEFT_OUT])
@pytest.mark.parametrize("gzipped", [True, False])
def test_left_out(tmp_path: Path, data: bytes, reason: str, detail: str | None, gzipped: bool) -> None:
    rows = read_bytes(tmp_path, packed(page(1), data, page(2)) if gzipped else page(1) + data + page(2))
    assert [type(row) for row in rows] == [Capture, LeftOut, Capture]
    left_out = rows[1]
    assert isinstance(left_out, LeftOut)
    assert (left_out.reason, left_out.detail) == (reason, detail)
    assert left_out.offset == rows[0].offset + (rows[0].length if isinstance(rows[0], Capture) else 0)


def one(tmp_path: Path, data: bytes, bounds: Bounds | None = None) -> Capture:
    """The capture that a record becomes, the same by the swift and the careful way (which reads the last record)."""
    rows = read_bytes(tmp_path, packed(data, data), bounds)
    assert len(rows) == 2
    swift, careful = rows
    assert isinstance(swift, Capture)
    assert isinstance(careful, Capture)
    assert (swift.payload, swift.payload_sha256, swift.truncated) == (
        careful.payload,
        careful.payload_sha256,
        careful.truncated,
    )
    return swift


def test_a_response_keeps_what_the_crawler_noted(tmp_path: Path) -> None:
    data = record(http(content_type="Text/HTML; Charset='GB2312'"), extra="WARC-IP-Address: 192.0.2.1\r\n")
    capture = one(tmp_path, data)
    assert capture == Capture(
        url=URL,
        payload=HTML,
        payload_sha256=hashlib.sha256(HTML).hexdigest(),
        mime="text/html",
        input="a.warc.gz",
        offset=0,
        length=len(packed(data)),
        captured_at=datetime(2026, 10, 1, 12, tzinfo=UTC),
        http_status=200,
        ip="192.0.2.1",
        charset="GB2312",
        record_id="<urn:uuid:1>",
        head=http(b"", content_type="Text/HTML; Charset='GB2312'"),
    )


TYPES = [
    ("text/html", HTML, "text/html"),
    ("TEXT/HTML;charset=utf-8", HTML, "text/html"),
    ("application/xhtml+xml", HTML, "application/xhtml+xml"),
    ("application/vnd.wap.xhtml+xml", HTML, "application/xhtml+xml"),  # old telephones
    ("text/plain", b"words", "text/plain"),
    ("", b"\xef\xbb\xbf <p>hi", "text/html"),  # no type: opens with a tag, after a mark and spaces
    ("", b"just words", "text/plain"),
    ("", "\ufeff<p>两".encode("utf-16-le"), "text/html"),  # its NUL bytes make it no binary
    ("html", HTML, "text/html"),  # no type at all in this header
    ("", b"\x1b$Babc", "text/plain"),  # ISO-2022-JP
]


@pytest.mark.parametrize(("content_type", "body", "mime"), TYPES)
def test_type(tmp_path: Path, content_type: str, body: bytes, mime: str) -> None:
    assert one(tmp_path, record(http(body, content_type=content_type))).mime == mime


def test_resources_and_conversions_are_pages_without_http(tmp_path: Path) -> None:
    kinds = [("resource", "text/html", HTML), ("conversion", "text/plain", b"the text of a page")]
    for kind, content_type, body in kinds:
        capture = one(tmp_path, record(body, kind, url="urn:x:1", extra=f"Content-Type: {content_type}\r\n"))
        assert (capture.mime, capture.payload, capture.http_status) == (content_type, body, None)
    rows = read_bytes(tmp_path, packed(record(PNG, "resource", extra="Content-Type: image/png\r\n")))
    assert isinstance(rows[0], LeftOut)
    assert (rows[0].reason, rows[0].detail) == ("not_text", "image/png")


URLS = [
    ("<http://shop.example/a>", "http://shop.example/a"),  # as WARC 1.0 shows it
    ("http://shop.example/a b", "http://shop.example/a%20b"),
    ("http://shop.example/\x85\u2028x", "http://shop.example/%C2%85%E2%80%A8x"),  # would end a line of a log
    ("http://shop.example/商店", "http://shop.example/商店"),
    ("HTTPS://shop.example/", "HTTPS://shop.example/"),
]


@pytest.mark.parametrize(("written", "url"), URLS)
def test_url(tmp_path: Path, written: str, url: str) -> None:
    assert one(tmp_path, record(http(), url=written)).url == url


DATES = [
    ("2026-10-01T12:00:00Z", datetime(2026, 10, 1, 12, tzinfo=UTC)),
    ("2026-10-01T12:00:00.123456789Z", datetime(2026, 10, 1, 12, 0, 0, 123456, tzinfo=UTC)),  # WARC 1.1
    ("2026-10-01T14:00:00+02:00", datetime(2026, 10, 1, 12, tzinfo=UTC)),
    ("2026-10-01T12:00:00", datetime(2026, 10, 1, 12, tzinfo=UTC)),  # no zone: UTC
    ("0001-01-01T00:00:00+14:00", None),  # before the year 1
    ("last Tuesday", None),
]


@pytest.mark.parametrize(("written", "time"), DATES)
def test_date(tmp_path: Path, written: str, time: datetime | None) -> None:
    assert one(tmp_path, record(http(), date=written)).captured_at == time


def raw_deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(body) + engine.flush()


def gz(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=31)
    return engine.compress(body) + engine.flush()


def chunked(body: bytes, size: int = 7) -> bytes:
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;x=y\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\nTrailer: t\r\n\r\n"


LONG = b"<html><p>" + b" ".join(b"word%d" % (n * n) for n in range(3000)) + b"</html>"
CODINGS = [
    ("gzip", gz(LONG)),
    ("x-gzip", gz(LONG)),
    ("GZIP", gz(LONG)),
    ("gzip", gz(LONG) + b"padding"),
    ("gzip", gz(LONG[:5000]) + gz(LONG[5000:])),  # two members
    ("deflate", zlib.compress(LONG)),
    ("deflate", raw_deflate(LONG)),  # what some servers send for deflate
    ("br", brotli.compress(LONG)),
    ("br", brotli.compress(LONG) + b"padding"),
    ("zstd", zstandard.compress(LONG)),
    ("gzip, br", brotli.compress(gz(LONG))),  # applied in this order
    ("gzip, gzip", gz(gz(LONG))),  # undone once a label
    ("gzip", LONG),  # headers that lie
    ("deflate", LONG),
    ("br", LONG),
    ("zstd", LONG),
    ("gzip, gzip", gz(LONG)),
    ("identity", LONG),
    ("utf-8", LONG),  # a charset in the wrong place
]


@pytest.mark.parametrize(("label", "coded"), CODINGS, ids=[f"{n}-{row[0]}" for n, row in enumerate(CODINGS)])
@pytest.mark.parametrize("is_chunked", [False, True])
def test_coding(tmp_path: Path, label: str, coded: bytes, is_chunked: bool) -> None:
    fields = {"content_encoding": label} | ({"transfer_encoding": "chunked"} if is_chunked else {})
    capture = one(tmp_path, record(http(chunked(coded) if is_chunked else coded, **fields)))
    assert capture.payload == LONG
    assert capture.payload_sha256 == hashlib.sha256(coded).hexdigest()  # chunks undone, content coding kept
    assert not capture.truncated


PREFIXES = [
    ("gzip", gz(LONG)[:-4000]),  # broken off
    ("gzip", gz(LONG)[:4000] + bytes(100)),  # broken down
    ("gzip", gz(LONG)[:-8] + bytes(8)),  # wrong checksum: all of it is there
    ("deflate", zlib.compress(LONG)[:-4000]),
    ("deflate", raw_deflate(LONG)[:-4000]),
    ("br", brotli.compress(LONG)[:4000]),
    ("br", brotli.compress(LONG)[:4000] + b"\xff" * 99),
    ("zstd", zstandard.compress(gz(LONG) * 9)[:-20]),
]


@pytest.mark.parametrize(("label", "coded"), PREFIXES, ids=[f"{n}-{row[0]}" for n, row in enumerate(PREFIXES)])
def test_the_readable_start_of_a_broken_body_is_taken(tmp_path: Path, label: str, coded: bytes) -> None:
    if label == "zstd":
        coded = zstandard.compress(LONG * 40, level=1)[:-20]
    capture = one(tmp_path, record(http(coded, content_encoding=label)))
    assert capture.truncated
    assert len(capture.payload) > 1000
    assert (LONG * 40).startswith(capture.payload[:5000])


UNDECODABLE = [
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff\xff\xff"),
    ("zstd", b"\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff"),
    ("br", bytes(range(250))),
    ("deflate", b"\x07\xff\0\1\2\3"),
    ("compress", b"\x1f\x9d\x90\0\1\2"),  # not undone by anyone today
    (", ".join(["gzip"] * 50), gz(LONG)),  # nobody does this but to do harm
]


@pytest.mark.parametrize(("label", "coded"), UNDECODABLE, ids=[row[0][:8] for row in UNDECODABLE])
def test_bad_encoding(tmp_path: Path, label: str, coded: bytes) -> None:
    rows = read_bytes(tmp_path, packed(record(http(coded, content_encoding=label)), page(1)))
    assert isinstance(rows[0], LeftOut)
    assert rows[0].reason == "bad_encoding"
    assert isinstance(rows[1], Capture)


TRANSFERS = [
    (HTML, HTML, False),  # labelled, but not chunked
    (chunked(HTML), HTML, False),
    (chunked(HTML)[:-20], HTML, True),  # breaks off before the last chunk: what came is kept
    (b"\r\n" + chunked(HTML), HTML, False),
    (chunked(HTML, 10_000).replace(b"\r\n", b"\n"), HTML, False),
    (b"fffffff\r\n" + HTML, HTML, True),  # says more than there is
]


@pytest.mark.parametrize(("body", "payload", "truncated"), TRANSFERS)
def test_chunks(tmp_path: Path, body: bytes, payload: bytes, truncated: bool) -> None:
    capture = one(tmp_path, record(http(body, transfer_encoding="chunked")))
    assert HTML.startswith(capture.payload)
    assert (len(capture.payload) > 10, capture.truncated) == (len(payload) > 10, truncated)


def test_very_many_tiny_chunks_cost_little(tmp_path: Path) -> None:
    body = b"<p>" + b"x" * 100_000
    assert one(tmp_path, record(http(chunked(body, 1), transfer_encoding="chunked"))).payload == body


HEADERS = [
    b"HTTP/1.1 200 OK\r\nno colon here\r\nContent-Type: text/html\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\xe9\xff\0: \xfe\r\nContent-Type: text/html\r\n\r\n",  # latin-1 and worse
    b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n",  # bare line feeds
    b"HTTP/2 200\r\ncontent-type: text/html\r\n\r\n",
    b"HTTP/1.1 OK\r\nContent-Type : text/html\r\n\r\n",  # no number: taken at its word
    b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Type: text/html\r\n\r\n",  # the last counts
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX: " + b"y" * 60_000 + b"\r\n\r\n",
]


@pytest.mark.parametrize("head", HEADERS)
def test_odd_http_heads_are_read(tmp_path: Path, head: bytes) -> None:
    capture = one(tmp_path, record(head + HTML))
    assert (capture.payload, capture.mime) == (HTML, "text/html")


@pytest.mark.parametrize(("length", "truncated"), [("9", False), ("99999", True), ("-3", False), ("1e9", False)])
def test_http_content_length_is_not_believed(tmp_path: Path, length: str, truncated: bool) -> None:
    capture = one(tmp_path, record(http(content_length=length)))
    assert (capture.payload, capture.truncated) == (HTML, truncated)


def test_a_page_is_cut_at_the_bound_and_hashed_whole(tmp_path: Path) -> None:
    bounds = Bounds(max_page_bytes=1000)
    for body, fields in [
        (LONG, {}),
        (gz(LONG), {"content_encoding": "gzip"}),
        (chunked(LONG), {"transfer_encoding": "chunked"}),
    ]:
        capture = one(tmp_path, record(http(body, **fields)), bounds)
        assert (capture.payload, capture.truncated) == (LONG[:1000], True)
        whole = body if "content_encoding" in fields else LONG
        assert capture.payload_sha256 == hashlib.sha256(whole).hexdigest()


def test_a_page_of_just_the_bound_is_not_cut(tmp_path: Path) -> None:
    bounds = Bounds(max_page_bytes=len(LONG))
    assert not one(tmp_path, record(http(LONG)), bounds).truncated
    assert not one(tmp_path, record(http(gz(LONG), content_encoding="gzip")), bounds).truncated


def test_a_crawler_that_cut_says_so(tmp_path: Path) -> None:
    assert one(tmp_path, record(http(), extra="WARC-Truncated: length\r\n")).truncated
