"""Seams: where a search found a false record, the true one is read instead, none is lost and none read twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from nohaven.engines.embedded import Settings, run_units
from nohaven.engines.seams import wrong_seams
from nohaven.engines.work import UnitReport
from nohaven.records.capture import Unit

from .fake_works import Chain, Factory, nothing

PIECES = [(0, 100), (100, 200), (200, 300)]
SEAMS = [
    ([(0, 100), (100, 200), (200, 300)], [], "each begins where the one before ended"),
    ([(0, 120), (120, 205), (205, 300)], [], "records that lie over a seam"),
    ([(0, 120), (110, 205), (205, 300)], [(1, 120, 200)], "a false record before the true one"),
    ([(0, 120), (130, 205), (205, 300)], [(1, 120, 200)], "a true record that the search passed over"),
    ([(0, 120), (110, 190), (205, 300)], [(1, 120, 200)], "only the first: the others hang on it"),
    ([(0, 250), (250, 250), (250, 300)], [], "one record over a whole unit, which saw where it ends"),
    ([(0, 250), (100, 100), (250, 300)], [], "one record over a whole unit, which says so by its start"),
    ([(0, 250), (110, 200), (250, 300)], [(1, 250, 250)], "false records inside of such a record"),
    ([(0, 250), (100, 100), (270, 300)], [(2, 250, 300)], "an empty unit does not move the true place"),
    ([(0, 250), (280, 280), (250, 300)], [], "an empty unit that looked from a false place knows nothing"),
    ([(0, 0), (130, 200), (200, 300)], [], "a beginning that holds no record says nothing of the next"),
    ([(0, 120), (200, 200), (200, 300)], [(1, 120, 200)], "a true record that was not found"),
    ([(0, 300), (100, 100), (200, 200)], [], "one record is the whole input"),
]


def results(reaches: list[tuple[int, int]]) -> list[tuple[Unit, UnitReport]]:
    units = [Unit(number, "in.warc", "in.warc", "fake", *piece) for number, piece in enumerate(PIECES)]
    return [(unit, UnitReport(*reach, {}, {})) for unit, reach in zip(units, reaches, strict=True)]


@pytest.mark.parametrize(("reaches", "expected", "reason"), SEAMS)
def test_wrong_seams(reaches: list[tuple[int, int]], expected: list[tuple[int, int, int]], reason: str) -> None:
    done = results(reaches)
    wrong = wrong_seams(done, {unit.number: unit for unit, _ in done})
    assert [(unit.number, unit.start, unit.end) for unit in wrong] == expected, reason


def test_an_input_given_twice_is_two_chains() -> None:
    first = results([(0, 100), (100, 200), (200, 300)])
    again = [(Unit(unit.number + 3, *_rest(unit)), report) for unit, report in first]
    assert wrong_seams([*again, *first], {unit.number: unit for unit, _ in [*first, *again]}) == []


def _rest(unit: Unit) -> tuple[str, str, str, int, int]:
    return unit.input, unit.path, unit.door, unit.start, unit.end


CHAINS = [
    (Chain(400, {90: 150}), [(0, 150), (150, 200), (200, 300), (300, 400)], "a false record at a seam"),
    (Chain(400, {90: 255}), [(0, 255), (255, 255), (255, 305), (305, 405)], "over a whole unit, all after it wrong"),
    (Chain(400, {}, frozenset({100})), [(0, 100), (100, 200), (200, 300), (300, 400)], "a true record not found"),
    (Chain(400, {0: 400}), [(0, 400), (400, 400), (400, 400), (400, 400)], "one record holds a whole false input"),
]


@pytest.mark.parametrize(("chain", "reaches", "reason"), CHAINS)
def test_false_seams_are_redone(tmp_path: Path, chain: Chain, reaches: list[tuple[int, int]], reason: str) -> None:
    work = tmp_path / ".work"
    work.mkdir()
    units = [*chain.units(100), *chain.units(400, "whole.warc", first=4)]
    found = run_units(units, work, Factory(tmp_path, chain), Settings(2), nothing)
    assert [(report.first, report.next) for _, report in found[:4]] == reaches, reason
    cut = [(work / "units" / f"{number:06d}" / "part.txt").read_text() for number in range(4)]
    assert "".join(cut) == (work / "units" / "000004" / "part.txt").read_text(), "as read in one piece"
    assert run_units(units, work, Factory(tmp_path, broken="die"), Settings(2), nothing) == found, "kept for a resume"
