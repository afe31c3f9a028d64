"""URLs as inputs write them."""

from __future__ import annotations

import re
from urllib.parse import quote, quote_from_bytes

# Spaces, control characters and line separators: a URL with a line feed could forge a line of a log or a table.
_UNSAFE = re.compile("[\x00-\x20\x7f-\xa0\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with every lone surrogate, which UTF-8 cannot hold, as U+FFFD."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def address(text: str) -> str:
    """A URL on one line: white space around it dropped, control characters percent-encoded, nothing else changed."""
    text = without_surrogates(text.strip())
    return _UNSAFE.sub(lambda match: quote(match.group()), text)


def file_address(name: bytes) -> str:
    """A file URL of a path inside an input. The machine's own path to the input is no part of it."""
    return "file:///" + quote_from_bytes(name)
