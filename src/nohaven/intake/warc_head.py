"""The header of a WARC record: the few fields that intake needs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PAGE_KINDS = ("response", "resource", "conversion")
OTHER_KINDS = ("request", "metadata", "warcinfo", "revisit", "continuation")

_MAX_DIGITS = 15  # of a length; more would be over a petabyte


@dataclass(frozen=True, slots=True)
class WarcHead:
    """A record's own header, values as written; bytes that are no UTF-8 come as U+FFFD."""

    kind: str  # lower case; empty where the record names none
    url: str
    date: str | None
    ip: str | None
    record_id: str | None
    content_type: str
    length: int | None  # of the block; None where it is missing or no number
    cut_by_crawler: bool  # the record carries WARC-Truncated


def head_of(fields: Iterable[tuple[bytes, bytes]]) -> WarcHead:
    """The head from its fields; of a repeated field the first counts."""
    values: dict[bytes, bytes] = {}
    for name, value in fields:
        values.setdefault(name.lower(), value)

    def text(name: bytes) -> str | None:
        value = values.get(name)
        return None if value is None else value.decode("utf-8", "replace").strip()

    length = values.get(b"content-length", b"").strip()
    return WarcHead(
        kind=(text(b"warc-type") or "").lower(),
        url=text(b"warc-target-uri") or "",
        date=text(b"warc-date"),
        ip=text(b"warc-ip-address"),
        record_id=text(b"warc-record-id"),
        content_type=text(b"content-type") or "",
        length=int(length) if length.isdigit() and len(length) <= _MAX_DIGITS else None,
        cut_by_crawler=b"warc-truncated" in values,
    )


def parse_head(raw: bytes) -> WarcHead:
    """The head of a record whose version line and header fields are `raw`; lines without a colon are passed over.

    Lines end as the first one does, which is how fastwarc reads them.
    """
    version, _, rest = raw.partition(b"\n")
    lines: list[bytes] = []
    for line in rest.split(b"\r\n" if version.endswith(b"\r") else b"\n"):
        if line.startswith((b" ", b"\t")) and lines:
            lines[-1] += b" " + line.strip()
        else:
            lines.append(line)
    fields = (line.partition(b":") for line in lines)
    return head_of((name.strip(), value.strip()) for name, colon, value in fields if colon)
