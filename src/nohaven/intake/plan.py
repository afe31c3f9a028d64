"""The plan of a run: its inputs cut into units of work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nohaven.intake.doors import door_of
from nohaven.records.capture import Unit


def plan_units(inputs: Sequence[tuple[str, Path]], unit_bytes: int) -> list[Unit]:
    """Units of about `unit_bytes`, numbered in the order of the inputs. Raises UserMistake for a bad input.

    All inputs are looked at before the first is cut, so that a mistake in the last one costs no time.
    """
    doors = [(name, path, door_of(path, name)) for name, path in inputs]
    pieces = (
        (name, str(path), door.name, start, end)
        for name, path, door in doors
        for start, end in door.units(path, max(unit_bytes, 1))
    )
    return [Unit(number, name, path, door, start, end) for number, (name, path, door, start, end) in enumerate(pieces)]
