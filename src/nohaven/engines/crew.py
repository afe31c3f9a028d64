"""The crew: worker processes in a pebble pool, replaced when they die, and the pool itself when it breaks."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Protocol, cast

import psutil
from pebble import ProcessPool

from nohaven.engines.slot import read_places
from nohaven.engines.stop import no_interrupt
from nohaven.engines.work import UnitWork
from nohaven.engines.worker import Outcome, do_unit, open_worker
from nohaven.records.capture import Unit


class _Pool(Protocol):
    """What we use of pebble's pool, most of which it leaves without types."""

    @property
    def active(self) -> bool:
        """Whether it takes tasks; starts a new pool."""

    def schedule(self, function: Callable[..., Outcome], args: tuple[Unit, Unit, Mapping[int, str]]) -> Future[Outcome]:
        """Raises RuntimeError where the pool is broken."""

    def stop(self) -> None:
        """Take no more tasks and forget those that wait."""

    def join(self) -> None:
        """End the processes."""


class Crew:
    """Made without processes; `open` starts them."""

    __slots__ = ("_make_work", "_pool", "_work", "workers")

    def __init__(self, workers: int, work: Path, make_work: Callable[[], UnitWork]) -> None:
        self.workers = workers
        self._work = work
        self._make_work = make_work
        self._pool: _Pool | None = None

    def open(self) -> None:
        """Start the processes."""
        context = multiprocessing.get_context("spawn")
        started = (self._work, self._make_work, os.getpid())
        pool = cast(_Pool, ProcessPool(self.workers, 0, open_worker, started, context))
        self._pool = pool
        resource_tracker.ensure_running()  # it unblocks Ctrl-C when it starts, so it starts before
        with no_interrupt():  # a Ctrl-C goes to all processes of a terminal, also to those not yet set up to ignore it
            if not pool.active:
                raise BrokenProcessPool("the pool could not be started")

    @property
    def broken(self) -> bool:
        """A pool breaks when a worker dies at no task, such as an idle one, or one at its start."""
        return self._pool is None or not self._pool.active

    def submit(self, unit: Unit, planned: Unit, skip: Mapping[int, str]) -> Future[Outcome]:
        """Raises RuntimeError where the pool broke meanwhile."""
        if self._pool is None:
            raise RuntimeError("the crew is not at work")
        return self._pool.schedule(do_unit, args=(unit, planned, skip))

    def end(self, at_once: bool) -> None:
        """End the processes; `at_once` also those in the middle of a unit that would not listen."""
        if self._pool is None:
            return
        self._pool.stop()
        if at_once:
            for place in read_places(self._work / "progress"):
                if is_alive(place.pid):
                    kill(place.pid)
        self._pool.join()
        self._pool = None


def is_alive(pid: int) -> bool:
    """Whether a process of ours runs; one that ended and was not yet waited for does not."""
    try:
        process = psutil.Process(pid)
        return process.ppid() == os.getpid() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def kill(pid: int) -> None:
    """End a process in a way that it cannot refuse."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended meanwhile, which is what was wanted
