"""The swift way through a WARC of one gzip member a record: fastwarc reads, and every record is proven before use.

fastwarc ends silently at a cut or empty member, runs over member boundaries when a length is wrong, and stops at the
first damage. So a record counts only when it was found whole inside its own member and a sound one follows;
at the first that does not, this way ends and the careful one takes over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from fastwarc.stream_io import GzipReader
from fastwarc.warc import ArchiveIterator, WarcRecord

from nohaven.intake.door import Mark
from nohaven.intake.warc_head import PAGE_KINDS, WarcHead, head_of


@dataclass(frozen=True, slots=True)
class SwiftRecord:
    """A record that is whole. `block` is empty for a kind that is never a page."""

    offset: int
    next: int
    head: WarcHead
    block: bytes


@dataclass(frozen=True, slots=True)
class SwiftBounds:
    """What ends the swift way."""

    end: int  # records from this byte on are another unit's
    max_header_bytes: int
    max_block_bytes: int  # longer blocks are read in pieces, by the careful way
    careful_at: Collection[int]  # records that must not be parsed


def swift_records(file: BinaryIO, start: int, bounds: SwiftBounds, mark: Mark) -> Iterator[SwiftRecord]:
    """The records from `start` on, as far as they are proven; `start` is a record's first byte."""
    file.seek(start)
    reader = GzipReader(file)
    records = ArchiveIterator(reader, parse_http=False, max_header_len=bounds.max_header_bytes)
    offset = start
    while offset < bounds.end and offset not in bounds.careful_at:
        mark(offset)
        if offset == start:
            record = _next(records)
        if record is None or reader.frame_start_position() != offset:
            return
        head = _plain_head(record)
        if head is None or record.content_length > bounds.max_block_bytes:
            return
        block = _block(record, head)
        if block is None or reader.frame_start_position() != offset:
            return
        record = _next(records)
        following = reader.frame_start_position()
        if record is None or following is None or following <= offset or record.stream_pos != following:
            return  # the position tells where its header began: in another member, if fastwarc passed one over
        yield SwiftRecord(offset, following, head, block)
        del block  # so that the next one can lie in the same, still cached memory
        offset = following


def _next(records: ArchiveIterator) -> WarcRecord | None:
    """The next record; None at the end or where the bytes are no record, which fastwarc reports as an OSError."""
    try:
        return next(records, None)
    except (OSError, ValueError):
        return None


def _plain_head(record: WarcRecord) -> WarcHead | None:
    """The record's head; None where it could be read in more ways than one."""
    fields = record.headers.items_bytes()
    head = head_of(fields)
    text = b"".join(chain.from_iterable(fields))
    return None if head.length != record.content_length or b"\n" in text or b"\r" in text else head


def _block(record: WarcRecord, head: WarcHead) -> bytes | None:
    """The record's block, unread for a kind that is no page; None if there is less of it than the record says."""
    try:
        if head.kind not in PAGE_KINDS:
            return b"" if record.consume() == record.content_length else None
        block = record.reader.read()
    except (OSError, ValueError):
        return None
    return block if len(block) == record.content_length else None
