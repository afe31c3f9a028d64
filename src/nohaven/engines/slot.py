"""A worker's slot: a small mapped file that says at which record the worker is, readable even after a kill -9."""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from struct import Struct

NOWHERE = -1  # as an offset: at no record; as a unit: at no unit
_WHOLE = Struct("@qqqd")  # pid, unit number, offset of the record, monotonic time at which it began
_RECORD = Struct("@qd")
_RECORD_AT = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker is, or was when it died."""

    pid: int
    unit: int
    offset: int  # NOWHERE before the first record and after the last
    began: float  # by the monotonic clock, which all processes of a machine share


class Slot:
    """The worker's end. Made once a process; raises OSError where the disk has no room for it."""

    __slots__ = ("_map", "_supervisor")

    def __init__(self, progress: Path, supervisor: int) -> None:
        self._supervisor = supervisor
        path = progress / str(os.getpid())
        with path.open("w+b") as file:
            # written, not only made longer: a page of a sparse file on a full disk would end the process at its use
            file.write(_WHOLE.pack(os.getpid(), NOWHERE, NOWHERE, 0.0))
            file.flush()
            self._map = mmap.mmap(file.fileno(), _WHOLE.size)

    def enter(self, unit: int) -> None:
        """The unit begins, or NOWHERE: it ended."""
        _WHOLE.pack_into(self._map, 0, os.getpid(), unit, NOWHERE, time.monotonic())

    def offset(self) -> int:
        """Of the record marked last."""
        return int(_RECORD.unpack_from(self._map, _RECORD_AT)[0])

    def marker(self) -> Callable[[int], None]:
        """The function `mark`. It also ends this process once the supervisor is gone: an orphan has no use."""
        buffer, supervisor = self._map, self._supervisor
        pack, now, parent = _RECORD.pack_into, time.monotonic, os.getppid

        def mark(offset: int) -> None:
            if parent() != supervisor:
                os._exit(1)
            pack(buffer, _RECORD_AT, offset, now())

        return mark


def read_places(progress: Path) -> list[Place]:
    """Where all workers are, the dead ones too until `forget`."""
    places = (read_place(progress, int(name)) for name in os.listdir(progress))
    return [place for place in places if place is not None]


def read_place(progress: Path, pid: int) -> Place | None:
    """Where one worker is or was; None where it never began a unit."""
    try:
        content = (progress / str(pid)).read_bytes()
    except FileNotFoundError:
        return None
    return Place(*_WHOLE.unpack(content)) if len(content) == _WHOLE.size else None


def forget(progress: Path, pid: int) -> None:
    """Remove a dead worker's slot, before its pid is used again."""
    (progress / str(pid)).unlink(missing_ok=True)
