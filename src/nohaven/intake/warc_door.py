"""The door for WARC files, plain or gzip."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nohaven.intake.door import Mark, Skip
from nohaven.intake.warc_careful import CarefulWay, Rows
from nohaven.intake.warc_head import parse_head
from nohaven.intake.warc_page import Place, content, place_content
from nohaven.intake.warc_run import VERSION, Block, DamagedError
from nohaven.intake.warc_source import GZIP_MAGIC, GzipSource, Source, open_source, opens_record
from nohaven.intake.warc_swift import SwiftBounds, swift_records
from nohaven.records.capture import Bounds, Capture, LeftOut, Reach, Unit

_FIRST_RECORD_BYTES = 16 * 1024 * 1024  # of a first record that is looked past, to see whether members hold several


class WarcDoor:
    """Records of a crawl in the WARC format."""

    name = "warc"

    def recognises(self, path: Path, head: bytes) -> bool:
        """By the first record; by name where that one is damaged and others are in sight."""
        if head.startswith(VERSION) or opens_record(head):
            return True
        return path.name.lower().endswith((".warc", ".warc.gz")) and (GZIP_MAGIC in head or VERSION in head)

    def units(self, path: Path, unit_bytes: int) -> list[tuple[int, int]]:
        """Pieces of equal size. A file whose first member holds several records has no seams to cut it at."""
        with path.open("rb") as file:
            source = open_source(file)
            if isinstance(source, GzipSource) and _shares_member(source):
                return [(0, source.size)]
            return [(at, min(at + unit_bytes, source.size)) for at in range(0, source.size, unit_bytes)]

    def read(self, unit: Unit, bounds: Bounds, mark: Mark, skip: Skip) -> Iterator[Capture | LeftOut | Reach]:
        with Path(unit.path).open("rb", buffering=256 * 1024) as file:
            source = open_source(file)
            way = CarefulWay(source, unit.input, bounds, _once(mark), skip)
            at = first = source.find(unit.start) if unit.start else 0
            if not unit.start:
                at = yield from way.gap(0)
            end = min(unit.end, source.size)
            while at < end:
                if isinstance(source, GzipSource):
                    at = yield from _swift(file, at, end, way)
                if at < end:
                    at = yield from way.run(at)
                    at = yield from way.gap(at)
            yield Reach(first, at)


def _swift(file: BinaryIO, start: int, end: int, way: CarefulWay) -> Rows:
    """Rows of the records that can be read the swift way from `start` on."""
    bounds = way.bounds
    limits = SwiftBounds(end, bounds.max_header_bytes, 2 * bounds.max_page_bytes + bounds.max_header_bytes, way.skip)
    at = start
    for record in swift_records(file, start, limits, way.mark):
        at = record.next
        found = content(record.head, record.block, (), bounds)
        row = place_content(found, record.head, Place(way.input, record.offset, at - record.offset), truncated=False)
        del record, found  # so that the next block can lie in the same, still cached memory
        yield row
        del row
    return at


def _once(mark: Mark) -> Mark:
    """The same, silent where both ways come to the same record."""
    last: list[int] = []

    def mark_new(offset: int) -> None:
        if last != [offset]:
            last[:] = [offset]
            mark(offset)

    return mark_new


def _shares_member(source: Source) -> bool:
    """Whether the first member goes on after its first record."""
    run = source.run(0, Bounds())
    try:
        raw = run.head(Bounds().max_header_bytes)
        head = parse_head(raw) if raw else None
        if head is None or (head.length or 0) > _FIRST_RECORD_BYTES:
            return False
        for _ in Block(run, head.length):
            pass
        return not run.at_end()
    except DamagedError:
        return False
