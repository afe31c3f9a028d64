"""The embedded engine: runs units in worker processes of this machine, and loses none when a process dies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nohaven.engines.crew import Crew
from nohaven.engines.faults import Faults, Isolated
from nohaven.engines.folders import Result, WorkFolder
from nohaven.engines.hanging import HangWatch
from nohaven.engines.lock import hold_lock
from nohaven.engines.progress import Progress
from nohaven.engines.seams import wrong_seams
from nohaven.engines.stop import Stop, stop_signals, stopped
from nohaven.engines.supervisor import Supervisor
from nohaven.engines.work import UnitWork
from nohaven.engines.worker import disk_full, is_disk_full
from nohaven.records.capture import Unit


@dataclass(frozen=True, slots=True)
class Settings:
    """How a run is worked."""

    workers: int
    page_seconds: float = 20.0  # longest that one capture may take before its worker is killed
    attempts: int = 2  # tries of a unit before the capture at which it died is set aside

    def __post_init__(self) -> None:
        if self.workers < 1 or self.attempts < 1:
            raise ValueError("workers and attempts are at least 1")


def run_units(
    units: Sequence[Unit],
    work: Path,
    make_work: Callable[[], UnitWork],
    settings: Settings,
    watch: Callable[[Progress], None],
    more: Callable[[], Sequence[Unit]] = tuple,
) -> list[Result]:
    """Run all units that are not done yet, then those that `more` names; the results of all, by their numbers.

    `work` is the sweep's `.work/` folder, which exists; `watch` is called about four times a second. Holds the lock
    of `work` (see `hold_lock`, which the caller may hold too). Raises UserMistake where another process holds it,
    OutsideFailure when stopped, when the disk is full or when a unit cannot be done, and the work's own NohavenError.
    """
    try:
        with hold_lock(work), stop_signals() as stop:
            crew = Crew(min(settings.workers, len(units)) or 1, work, make_work)
            return _run(units, WorkFolder(work), crew, settings, _look(stop, watch), more)
    except KeyboardInterrupt as error:
        raise stopped() from error
    except OSError as error:
        if not is_disk_full(error):
            raise
        raise disk_full(work) from error


def _look(stop: Stop, watch: Callable[[Progress], None]) -> Callable[[Progress], None]:
    def look(progress: Progress) -> None:
        watch(progress)
        stop.check()

    return look


def _run(
    units: Sequence[Unit],
    folder: WorkFolder,
    crew: Crew,
    settings: Settings,
    look: Callable[[Progress], None],
    more: Callable[[], Sequence[Unit]],
) -> list[Result]:
    folder.prepare()
    faults = Faults(settings.attempts, Isolated.load(folder.isolated))
    supervisor = Supervisor(units, folder, crew, faults, HangWatch(settings.page_seconds), look)
    plan = {unit.number: unit for unit in units}
    at_once = True
    try:
        supervisor.take_done()
        supervisor.run_missing()
        while wrong := wrong_seams(supervisor.results, plan):
            supervisor.redo(wrong)
        supervisor.add(more())
        at_once = False
    finally:
        crew.end(at_once)
    return supervisor.results
