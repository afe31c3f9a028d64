"""The seam between an engine and what it runs: the work that a worker process does with a unit, and what it reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nohaven.records.capture import Unit


@dataclass(frozen=True, slots=True)
class UnitReport:
    """What became of a unit; a worker sends it and keeps it as `unit.json` in the unit's folder."""

    first: int  # as in Reach; equal to `next` where the unit found no record
    next: int
    counts: Mapping[str, int]  # such as pages, offers, left_out.redirect
    seconds: Mapping[str, float]  # by stage


class UnitWork(Protocol):
    """What a worker process does with a unit. Made once a process, and again after it raised."""

    def run(self, unit: Unit, folder: Path, mark: Callable[[int], None], skip: Mapping[int, str]) -> UnitReport:
        """Write the unit's part files into `folder`, which exists and is empty (`unit.json` is the engine's own name).

        `mark(offset)` is called before each record: a worker that ends or hangs from then on is held to have done so
        at that record, so `mark(-1)` after the last one keeps the writing of the parts from being charged to it.
        A record whose offset is in `skip` is left out with the reason given there. The same unit gives the same bytes.
        """
