"""What kind of content a capture holds: only text that people read is a page."""

from __future__ import annotations

import re
from functools import lru_cache

HTML, XHTML, TEXT = "text/html", "application/xhtml+xml", "text/plain"
_PAGES = {
    HTML: HTML,
    XHTML: XHTML,
    TEXT: TEXT,
    "application/xhtml": XHTML,
    "text/xhtml": XHTML,
    "application/vnd.wap.xhtml+xml": XHTML,  # pages for early mobile telephones
}
_ESSENCE = re.compile(r"\s*([\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]{1,40})", re.IGNORECASE)
_SNIFFED_BYTES = 512
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\x0c\r\x1b"))  # ESC: ISO-2022 text switches charsets by it
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"\x7fELF", "application/x-executable"),
    (b"wOFF", "font/woff"),
    (b"wOF2", "font/woff2"),
    (b"OggS", "application/ogg"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_MAGIC_STARTS = tuple(start for start, _ in _MAGIC)


@lru_cache(maxsize=1024)
def essence(content_type: str) -> str | None:
    """`text/html` of `Text/HTML; charset=x`; None where the header names no type."""
    match = _ESSENCE.match(content_type)
    return match.group(1).lower() if match else None


@lru_cache(maxsize=1024)
def charset(content_type: str) -> str | None:
    """The charset that a Content-Type names, unchecked."""
    match = _CHARSET.search(content_type)
    return match.group(1) if match else None


def page_type(mime: str) -> str | None:
    """The one spelling of a type that is read as a page; None for all others."""
    return _PAGES.get(mime)


def magic(payload: bytes) -> str | None:
    """The binary format that the first bytes give away, whatever a header says."""
    if not payload.startswith(_MAGIC_STARTS):
        return None
    return next(mime for start, mime in _MAGIC if payload.startswith(start))


def looks_text(head: bytes) -> bool:
    """Whether bytes read as text in some charset: a byte order mark, or no control characters near the start."""
    head = head[:_SNIFFED_BYTES]
    return head.startswith(_BOMS) or len(head.translate(None, _CONTROLS)) == len(head)


def sniff(payload: bytes) -> str | None:
    """The type of a page without a declared one: HTML if it opens with a tag, else plain text; None if binary."""
    if magic(payload) or not looks_text(payload):
        return None
    head = payload[:_SNIFFED_BYTES].replace(b"\0", b"")  # UTF-16 after its mark
    for bom in _BOMS:
        head = head.removeprefix(bom)
    return HTML if head.lstrip().startswith(b"<") else TEXT
