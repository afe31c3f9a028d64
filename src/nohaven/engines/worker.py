"""What runs in a worker process: one unit after another, each into a folder of its own."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nohaven.engines.folders import WorkFolder
from nohaven.engines.slot import NOWHERE, Slot
from nohaven.engines.work import UnitReport, UnitWork
from nohaven.errors import NohavenError, OutsideFailure
from nohaven.records.capture import Unit

_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of Linux


@dataclass(frozen=True, slots=True)
class Done:
    """The unit's folder stands in its place."""

    report: UnitReport


@dataclass(frozen=True, slots=True)
class Raised:
    """The work raised; `error` is the exception's type, without its message, which may hold a page's content."""

    offset: int | None
    error: str


@dataclass(frozen=True, slots=True)
class DiskFull:
    """There was no room for the unit's files."""


Outcome = Done | Raised | DiskFull


class Worker:
    """Does units one after another in this process."""

    __slots__ = ("_folder", "_make_work", "_slot", "_supervisor", "_work")

    def __init__(self, folder: WorkFolder, make_work: Callable[[], UnitWork], supervisor: int) -> None:
        self._folder = folder
        self._make_work = make_work
        self._supervisor = supervisor
        self._slot: Slot | None = None
        self._work: UnitWork | None = None

    def do(self, unit: Unit, planned: Unit, skip: Mapping[int, str]) -> Outcome:
        """Try a unit. Raises NohavenError as the work does; every other exception becomes an outcome."""
        half: Path | None = None
        try:
            slot = self._open_slot()
            slot.enter(unit.number)
            if self._work is None:
                self._work = self._make_work()
            half = self._folder.begin(unit.number)
            report = self._work.run(unit, half, slot.marker(), skip)
            slot.enter(unit.number)  # the time of the last record ends
            self._folder.keep(half, (unit, report), planned)
            slot.enter(NOWHERE)
            return Done(report)
        except BaseException as error:  # a SystemExit of a library is one capture's fault too, not the end of the run
            self._work = None  # it may be half way through something
            if half is not None:
                shutil.rmtree(half, ignore_errors=True)
            if isinstance(error, NohavenError):
                raise
            return DiskFull() if is_disk_full(error) else Raised(self._offset(), type(error).__name__)

    def _open_slot(self) -> Slot:
        if self._slot is None:
            self._slot = Slot(self._folder.progress, self._supervisor)
        return self._slot

    def _offset(self) -> int | None:
        """Of the record at work."""
        offset = NOWHERE if self._slot is None else self._slot.offset()
        return None if offset < 0 else offset


_worker: Worker | None = None  # one a process, made by the pool's initializer, which can hand nothing on but globals


def open_worker(path: Path, make_work: Callable[[], UnitWork], supervisor: int) -> None:
    """The pool's initializer. Makes no work yet: what goes wrong there is to be answered like a failed unit."""
    global _worker
    _die_with(supervisor)
    _worker = Worker(WorkFolder(path), make_work, supervisor)


def do_unit(unit: Unit, planned: Unit, skip: Mapping[int, str]) -> Outcome:
    """The pool's task."""
    if _worker is None:
        raise RuntimeError("open_worker was not called in this process")
    return _worker.do(unit, planned, skip)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether a full disk or quota is at the bottom of an exception."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__ or error.__context__
    return False


def disk_full(folder: Path) -> OutsideFailure:
    """The answer to it."""
    return OutsideFailure(f"No space left in {folder}; make room and run the same command with --resume.")


def _die_with(supervisor: int) -> None:
    """End this process when the supervisor ends, even while native code holds the interpreter and never marks.

    Only Linux can; elsewhere, and where the kernel refuses, `mark` is what notices.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != supervisor:  # it ended before we asked
        os._exit(1)
