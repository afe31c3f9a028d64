"""How far a run is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from nohaven.engines.folders import Result
from nohaven.engines.slot import Place
from nohaven.records.capture import Unit


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. A piece of a folder counts files where that of a file counts bytes."""

    units_done: int
    units: int
    pages: int  # of done units; a mark is a record, which need not be a page
    bytes_done: int  # of done units whole, of running ones up to the record at work
    bytes: int
    workers: int


def progress_of(
    plan: Mapping[int, Unit], done: Collection[Result], places: Iterable[Place], running: Collection[int], workers: int
) -> Progress:
    """From what is done and where the workers are."""
    passed = sum(
        _within(plan[place.unit], place.offset) for place in places if place.unit in running and place.offset >= 0
    )
    return Progress(
        units_done=len(done),
        units=len(plan),
        pages=sum(report.counts.get("pages", 0) for _, report in done),
        bytes_done=passed + sum(_size(plan[unit.number]) for unit, _ in done),
        bytes=sum(_size(unit) for unit in plan.values()),
        workers=workers,
    )


def _size(unit: Unit) -> int:
    return max(unit.end - unit.start, 0)


def _within(unit: Unit, offset: int) -> int:
    return min(max(offset - unit.start, 0), _size(unit))
