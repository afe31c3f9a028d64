"""A door: one way by which captures come in. A new way is one new file and one line in `doors.DOORS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from nohaven.records.capture import Bounds, Capture, LeftOut, Reach, Unit

HEAD_BYTES = 64 * 1024  # of an input, by which the doors recognise what it is

Mark = Callable[[int], None]
Skip = Mapping[int, str]


class Door(Protocol):
    """A way by which captures come in. Bad data never raises; an OSError from the disk passes."""

    name: str

    def recognises(self, path: Path, head: bytes) -> bool:
        """Whether this door reads `path`; `head` is its first 64 kB, empty for a folder."""

    def units(self, path: Path, unit_bytes: int) -> list[tuple[int, int]]:
        """Pieces [start, end) that together cover the input; each stands for the records that begin in it."""

    def read(self, unit: Unit, bounds: Bounds, mark: Mark, skip: Skip) -> Iterator[Capture | LeftOut | Reach]:
        """The records of a unit, then one Reach.

        `mark(offset)` is called before a record is parsed, so that a supervisor knows where a dead worker was.
        A record whose offset is in `skip` is not parsed and is left out with the reason given there.
        """
