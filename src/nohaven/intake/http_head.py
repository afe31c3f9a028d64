"""The head of an HTTP response as crawlers keep it: often odd, sometimes wrong, always bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass

_STATUS = re.compile(rb"HTTP/\d{1,3}(?:\.\d{1,3})?(?:[ \t]+(\d{3})(?!\d))?")
_END = re.compile(rb"\r?\n\r?\n")
_FIELD = re.compile(
    rb"^(content-type|content-encoding|transfer-encoding|content-length|location)[ \t]*:[ \t]*([^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class HttpHead:
    """What intake needs of a response's status line and header fields."""

    end: int  # bytes of the block before the body
    status: int | None  # None where the status line has no number
    content_type: str
    codings: tuple[str, ...]  # as applied by the server, lower case; chunked is not among them
    chunked: bool
    content_length: int | None
    location: str | None


def http_head(block: bytes, max_bytes: int) -> HttpHead | None:
    """The head at the start of a block; None if it does not end within `max_bytes`. No HTTP: `is_http` says so."""
    found = _END.search(block, 0, max_bytes)
    if found is None and len(block) > max_bytes:
        return None
    end = found.end() if found else len(block)
    fields: dict[bytes, list[str]] = {}
    for name, value in _FIELD.findall(block[:end]):
        fields.setdefault(name.lower(), []).append(value.decode("latin-1").strip())
    status = _STATUS.match(block)
    transfer = _tokens(fields.get(b"transfer-encoding"))
    codings = [*_tokens(fields.get(b"content-encoding")), *(name for name in transfer if name != "chunked")]
    length = fields.get(b"content-length", [""])[0]
    return HttpHead(
        end=end,
        status=int(status[1]) if status and status[1] else None,
        content_type=next((value for value in reversed(fields.get(b"content-type", [])) if value), ""),
        codings=tuple(name for name in codings if name not in ("identity", "none")),
        chunked="chunked" in transfer,
        content_length=int(length) if length.isascii() and length.isdigit() and len(length) < 19 else None,
        location=next(iter(fields.get(b"location", [])), None),
    )


def is_http(block: bytes) -> bool:
    """Whether a block opens with an HTTP status line."""
    return _STATUS.match(block) is not None


def _tokens(values: list[str] | None) -> list[str]:
    """The names in a comma-separated header, repeated or not."""
    if not values:
        return []
    return [name for name in (part.strip().lower() for part in ",".join(values).split(",")) if name]
