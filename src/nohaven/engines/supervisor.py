"""The supervisor: hands units to the crew, looks after it, and tries again what failed."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool

from pebble import ProcessExpired

from nohaven.engines.crew import Crew, is_alive, kill
from nohaven.engines.faults import CRASHED, TOO_LONG, Fault, Faults
from nohaven.engines.folders import Result, WorkFolder
from nohaven.engines.hanging import HangWatch, LostWatch
from nohaven.engines.progress import Progress, progress_of
from nohaven.engines.slot import Place, forget, read_place, read_places
from nohaven.engines.worker import DiskFull, Done, Outcome, disk_full
from nohaven.errors import NohavenError, OutsideFailure
from nohaven.records.capture import Unit

_LOOK_SECONDS = 0.25
_OPENINGS = 5  # of the crew with no unit done in between, before its processes count as unable to start


class Supervisor:
    """Runs units; `look` is called with the progress about four times a second and may raise to stop everything."""

    def __init__(
        self, plan: Sequence[Unit], folder: WorkFolder, crew: Crew, faults: Faults, hanging: HangWatch,
        look: Callable[[Progress], None],
    ) -> None:  # fmt: skip
        self._plan = {unit.number: unit for unit in plan}
        self._folder = folder
        self._crew = crew
        self._faults = faults
        self._hanging = hanging
        self._look = look
        self._lost = LostWatch()
        self._looked = 0.0
        self._openings = 0
        self._waiting: deque[Unit] = deque()
        self._running: dict[int, tuple[Unit, Future[Outcome]]] = {}
        self._results: dict[int, Result] = {}
        self._killed: dict[int, Place] = {}  # by pid: where a worker was too long

    @property
    def results(self) -> list[Result]:
        """Of the units done so far, in the order of their numbers."""
        return [self._results[number] for number in sorted(self._results)]

    def take_done(self) -> None:
        """Take over the units of the plan whose folders stand; remove what stands there and is not whole."""
        for number, planned in self._plan.items():
            if number in self._results:
                continue
            result = self._folder.result(planned)
            if result is None:
                self._folder.undo(number)
            else:
                self._results[number] = result

    def run_missing(self) -> None:
        """Run the units of the plan that are not done."""
        self._run(unit for number, unit in self._plan.items() if number not in self._results)

    def add(self, units: Iterable[Unit]) -> None:
        """Put units into the plan and run those of them that are not done."""
        self._plan |= {unit.number: unit for unit in units}
        self.take_done()
        self.run_missing()

    def redo(self, units: Iterable[Unit]) -> None:
        """Run units again, from another start than planned."""
        again = list(units)
        for unit in again:
            self._folder.undo(unit.number)
            self._results.pop(unit.number, None)
        self._run(again)

    def _run(self, units: Iterable[Unit]) -> None:
        self._waiting.extend(units)
        while self._waiting or self._running:
            self._fill()
            futures = [future for _, future in self._running.values()]
            wait(futures, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for unit, future in list(self._running.values()):
                if future.done():
                    del self._running[unit.number]
                    self._settle(unit, future)
            if time.monotonic() - self._looked >= _LOOK_SECONDS:
                self._look_after()
        self._look_after()

    def _fill(self) -> None:
        """Give each worker a unit, and one more so that none waits for us."""
        if self._crew.broken:
            self._reopen()
        while self._waiting and len(self._running) <= self._crew.workers:
            unit = self._waiting.popleft()
            try:
                future = self._crew.submit(unit, self._plan[unit.number], self._faults.isolated.of(unit.number))
            except RuntimeError:  # the pool broke since we asked; the next turn opens another
                self._waiting.appendleft(unit)
                return
            self._running[unit.number] = (unit, future)

    def _reopen(self) -> None:
        """Start a crew, the first or a new one; what the broken one had is tried again, and no capture is blamed."""
        if self._openings == _OPENINGS:
            raise OutsideFailure(
                f"Worker processes ended {_OPENINGS} times before they did a unit; see what they wrote above,"
                " free memory or take fewer workers, and run the same command with --resume."
            )
        self._openings += 1
        self._crew.end(at_once=True)
        for place in read_places(self._folder.progress):
            self._clean_after(place.pid, place.unit)
        for unit, _ in self._running.values():
            self._retry(unit)
        self._running.clear()
        self._killed.clear()
        self._crew.open()

    def _settle(self, unit: Unit, future: Future[Outcome]) -> None:
        """Take an answer of the pool. Raises what ends the run."""
        error = future.exception()
        if error is None:
            self._take(unit, future.result())
        elif isinstance(error, NohavenError):
            raise error
        elif isinstance(error, BrokenProcessPool):
            self._retry(unit)
        elif isinstance(error, ProcessExpired):
            self._bury(unit, error.pid, f"exit code {error.exitcode}")
        else:
            self._failed(unit, Fault(None, CRASHED, type(error).__name__))

    def _take(self, unit: Unit, outcome: Outcome) -> None:
        if isinstance(outcome, Done):
            self._done((unit, outcome.report))
        elif isinstance(outcome, DiskFull):
            raise disk_full(self._folder.path)
        else:
            self._failed(unit, Fault(outcome.offset, CRASHED, outcome.error))

    def _done(self, result: Result) -> None:
        self._results[result[0].number] = result
        self._openings = 0

    def _failed(self, unit: Unit, fault: Fault) -> None:
        if not self._retry(unit):
            self._faults.note(unit, fault)

    def _retry(self, unit: Unit) -> bool:
        """Put a unit back in front; True where that is not needed, since its worker died after it was done."""
        result = self._folder.result(self._plan[unit.number])
        if result is None:
            self._waiting.appendleft(unit)
            return False
        self._done(result)
        return True

    def _bury(self, unit: Unit, pid: int, detail: str) -> None:
        """A worker died over a unit, by itself or by our hand."""
        place = read_place(self._folder.progress, pid)
        killed = self._killed.pop(pid, None)
        self._clean_after(pid, unit.number)
        offset = place.offset if place is not None and place.unit == unit.number and place.offset >= 0 else None
        if killed is None:
            self._failed(unit, Fault(offset, CRASHED, detail))
        elif killed == place:
            self._failed(unit, Fault(offset, TOO_LONG, f"over {self._hanging.limit:g} seconds"))
        else:  # it had gone on between our look and our signal, so nothing is wrong with where it died
            self._retry(unit)

    def _clean_after(self, pid: int, number: int) -> None:
        forget(self._folder.progress, pid)
        self._folder.abandon(number, pid)

    def _look_after(self) -> None:
        """End what hangs, find what was lost, tell how far we are."""
        self._looked = now = time.monotonic()
        places = read_places(self._folder.progress)
        for place in self._hanging.look(places, now):
            if place.pid not in self._killed and is_alive(place.pid):
                self._killed[place.pid] = place
                kill(place.pid)
        self._find_lost(places, now)
        self._look(progress_of(self._plan, self._results.values(), places, self._running.keys(), self._crew.workers))

    def _find_lost(self, places: Sequence[Place], now: float) -> None:
        taken = [number for number, (_, future) in self._running.items() if future.running()]
        served = {place.unit for place in places if is_alive(place.pid)}
        for number in self._lost.look(taken, served, now):
            unit, future = self._running.pop(number)
            future.cancel()
            pid = next((place.pid for place in places if place.unit == number), None)
            if pid is None:
                self._failed(unit, Fault(None, CRASHED, "no worker has it"))
            else:
                self._bury(unit, pid, "its end was not seen")
