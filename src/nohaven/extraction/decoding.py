"""Bytes to text. A page's own word on its charset is often wrong; valid UTF-8 with non-ASCII letters never is."""

from __future__ import annotations

import codecs
import re

import numpy as np
import pyarrow as pa
from resiliparse.parse.encoding import detect_encoding

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Labels are read as the widest encoding that browsers read them as (WHATWG Encoding Standard). GB 2312 and GBK are
# read as GB 18030: one four-byte sequence under a gbk label otherwise ruins a whole page.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
# Names that Python knows as codecs and no browser as a charset: they raise, or run what the page says as escapes.
_NO_CHARSETS = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot-13", "uu", "zlib", "idna", "punycode", "undefined", "mbcs", "oem", "utf-7"}
    | {"unicode-escape", "raw-unicode-escape", "unicode_escape", "raw_unicode_escape"}
)
_MANY_ERRORS = 0.01  # share of unreadable characters above which a label counts as wrong
_SNIFFED_BYTES = 4096
_ARROW_BYTES = 2**31 - 1  # the longest string that Arrow's 32-bit offsets hold
_SINGLE_BYTE = re.compile(r"cp125\d|cp874|iso8859|koi8|mac|latin")


def codec_name(label: str | None) -> str | None:
    """Python's name of the encoding that a label is read as; None for labels that mean nothing."""
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip(" \t\r\n;\"'").lower().removeprefix("x-")).name
    except (LookupError, ValueError):
        return None
    return None if name in _NO_CHARSETS else _WIDER.get(name, name)


def is_utf8(payload: bytes) -> bool:
    """Whether bytes are valid UTF-8. Arrow looks five times as fast as decoding does, and makes no string."""
    if len(payload) > _ARROW_BYTES:
        return False
    ends = np.array([0, len(payload)], dtype=np.int32)
    text = pa.Array.from_buffers(pa.utf8(), 1, [None, pa.py_buffer(ends), pa.py_buffer(payload)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def decode(payload: bytes, http_label: str | None, truncated: bool = False) -> tuple[str, str]:
    """Text and the charset it was read by. Unreadable bytes become U+FFFD; it never fails."""
    for bom, name in _BOMS:
        if payload.startswith(bom):
            return payload[len(bom) :].decode(name, "replace"), name
    try:
        return payload.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if truncated and error.start >= len(payload) - 3:
            return payload[: error.start].decode("utf-8"), "utf-8"
    return _decode_labelled(payload, http_label)


def _decode_labelled(payload: bytes, http_label: str | None) -> tuple[str, str]:
    """Text of bytes that are no valid UTF-8: by the labels, then by detection, then by the fewest errors."""
    head = payload[:_SNIFFED_BYTES]
    tried: list[tuple[float, str, str]] = []
    for name in _candidates(payload, head, http_label):
        text = payload.decode(name, "replace")
        errors = text.count("\ufffd") / max(len(text), 1)
        if errors < _MANY_ERRORS:
            return text, name
        tried.append((errors, name, text))
    _, name, text = min(tried)
    return text, name


def _candidates(payload: bytes, head: bytes, http_label: str | None) -> list[str]:
    """Encodings to try, best first, without repeats."""
    found = _META.search(head) or _XML.search(head)
    labels = [codec_name(http_label), codec_name(found.group(1).decode("ascii", "replace")) if found else None]
    detected = codec_name(detect_encoding(payload, from_html_meta=False))
    named = [n for n in labels if n and not n.startswith(("utf-16", "utf-32"))]
    # a single-byte label decodes anything, so it must not beat a detected multi-byte encoding
    if named and detected and _SINGLE_BYTE.match(named[0]) and not _SINGLE_BYTE.match(detected) and detected != "utf-8":
        named.insert(0, detected)
    return list(dict.fromkeys([*named, *([detected] if detected else []), "utf-8", "cp1252"]))
