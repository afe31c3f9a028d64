"""The seams between units: each must begin where the one before ended, else a record was forged, lost or read twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from nohaven.engines.folders import Result
from nohaven.engines.work import UnitReport
from nohaven.records.capture import Unit


def wrong_seams(results: Iterable[Result], planned: Mapping[int, Unit]) -> list[Unit]:
    """Of each input the first unit that began at a false place, corrected; empty when all seams hold."""
    found = (_first_wrong(chain, planned) for chain in _chains(results, planned))
    return [unit for unit in found if unit is not None]


def _chains(results: Iterable[Result], planned: Mapping[int, Unit]) -> Iterator[list[Result]]:
    """The results of adjoining pieces of one input, in order. An input given twice makes two chains."""
    chain: list[Result] = []
    for result in sorted(results, key=lambda result: result[0].number):
        if chain and not _adjoin(planned[chain[-1][0].number], planned[result[0].number]):
            yield chain
            chain = []
        chain.append(result)
    if chain:
        yield chain


def _adjoin(before: Unit, after: Unit) -> bool:
    same = (before.input, before.path, before.door) == (after.input, after.path, after.door)
    return same and before.end == after.start


def _first_wrong(chain: list[Result], planned: Mapping[int, Unit]) -> Unit | None:
    at: int | None = None  # where the next record truly begins; unknown until a unit found one
    for unit, report in chain:
        if at is not None and not _fits(unit, report, at):
            return replace(unit, start=at, end=max(at, planned[unit.number].end))
        at = _after(unit, report, at)
    return None


def _fits(unit: Unit, report: UnitReport, at: int) -> bool:
    """Whether a unit is right to follow a record that ends at `at`."""
    if report.first == at or unit.start == at:  # it found that place, or was told it
        return True
    return report.first == report.next and at >= unit.end  # one long record lies over the whole of it


def _after(unit: Unit, report: UnitReport, at: int | None) -> int | None:
    """Where the next record begins, once this unit fits."""
    if report.first < report.next:
        return report.next
    if at is None:
        return report.next if report.next > unit.start else None
    # of an empty unit only one that looked from the true place on knows more than the unit before it
    return max(at, report.next) if unit.start == at else at
