"""What intake hands on: a capture, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched page, post, mail or advert with its URL and time, as it lies in an input."""

    url: str
    payload: bytes  # the body after transfer and content decoding, at most `max_page_bytes` long
    payload_sha256: str  # of the whole body as received: transfer coding undone, content coding kept, never cut
    mime: str  # lower case, without parameters: text/html, application/xhtml+xml, text/plain
    input: str  # the input's name as the user gave it
    offset: int  # byte of the input at which the record starts; of the line in JSONL; the place of a file in its folder
    length: int  # bytes the record takes in the input; 0 where the door cannot say
    final_url: str | None = None  # where redirects ended, when the input says so
    captured_at: datetime | None = None  # aware UTC
    http_status: int | None = None
    ip: str | None = None
    charset: str | None = None  # as the HTTP header names it, unchecked
    record_id: str | None = None
    head: bytes = (
        b""  # the HTTP status line and headers as received, at most `max_header_bytes`; empty where there are none
    )
    truncated: bool = False  # the payload was cut at `max_page_bytes`, or ended before its declared length


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A capture not read or not kept, and why. `reason` is a short fixed word, `detail` a phrase for a person."""

    input: str
    offset: int
    reason: str
    url: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """The last thing a unit of work yields: where its first record began and where the one after its last begins.

    Units of one input are cut by size alone; that one ends exactly where the next begins proves that no record was
    lost or read twice at the seam.
    """

    first: int
    next: int


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of work: the records of one input that begin in [start, end)."""

    number: int  # position in the plan; orders rows and names part files
    input: str  # name as the user gave it ("-" for standard input)
    path: str  # where the bytes are
    door: str  # name of the door that reads it
    start: int
    end: int
    drawn: tuple[tuple[int, str], ...] = ()  # for the audit: the captures (offset, page id) to read; of no other unit


def unit_of(fields: Mapping[str, Any]) -> Unit:
    """A unit out of its fields as JSON gives them back. Raises KeyError, TypeError or ValueError where they are not."""
    return Unit(**{**fields, "drawn": tuple((int(offset), str(page_id)) for offset, page_id in fields["drawn"])})


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of one capture is read, so that no input can fill memory or time."""

    max_page_bytes: int = 2 * 1024 * 1024  # of the decoded payload; the rest is cut and marked
    max_header_bytes: int = 64 * 1024
    max_line_bytes: int = 64 * 1024 * 1024  # of a JSONL row; longer rows are left out
    max_decode_ratio: int = 200  # decoded bytes per received byte before a body counts as a decompression bomb
