"""Made-up works: an input is a chain of records, each of which may make its worker die, hang or raise."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nohaven.engines.embedded import Settings, run_units
from nohaven.engines.progress import Progress
from nohaven.engines.work import UnitReport
from nohaven.errors import NohavenError, UserMistake
from nohaven.records.capture import Unit

STEP = 10  # bytes of an ordinary record


@dataclass(frozen=True)
class Chain:
    """Records of `STEP` bytes, but for the long ones, inside of which who searches finds false records."""

    size: int
    long: Mapping[int, int] = field(default_factory=dict)  # offset of a long record: where it ends
    unseen: frozenset[int] = frozenset()  # true places that no search finds, though they are read when told

    def next(self, offset: int) -> int:
        return self.long.get(offset, offset + STEP)

    def search(self, start: int) -> int:
        """The first place from `start` on that looks like a record, as a search by its magic finds it."""
        place = -(-start // STEP) * STEP
        while place in self.unseen:
            place += STEP
        return place

    def units(self, unit_bytes: int, name: str = "in.warc", first: int = 0) -> list[Unit]:
        starts = range(0, self.size, unit_bytes)
        return [Unit(first + n, name, name, "fake", at, min(at + unit_bytes, self.size)) for n, at in enumerate(starts)]


@dataclass(frozen=True)
class FakeWork:
    """What a record does is in `acts`; with `once` in front it does so at the first try only."""

    chain: Chain
    acts: Mapping[int, str]
    memo: Path  # folder for what is to be remembered over processes
    pause: float

    def run(self, unit: Unit, folder: Path, mark: Callable[[int], None], skip: Mapping[int, str]) -> UnitReport:
        assert not list(folder.iterdir())
        if unit.drawn:
            return self._again(unit, folder, mark, skip)
        told = unit.start in self.chain.unseen or unit.start % STEP  # no plan cuts there
        at = first = unit.start if told else self.chain.search(unit.start)
        lines = []
        while at < unit.end:
            mark(at)
            if at not in skip:
                self._act(at)
                time.sleep(self.pause)
            lines.append(f"{at} {skip.get(at, 'page')}\n")
            at = self.chain.next(at)
        mark(-1)
        (folder / "part.txt").write_text("".join(lines))
        left_out = sum("page" not in line for line in lines)
        counts = {"pages": len(lines) - left_out, "left_out": left_out}
        return UnitReport(first, max(at, first), counts, {"read": 0.5})

    def _again(self, unit: Unit, folder: Path, mark: Callable[[int], None], skip: Mapping[int, str]) -> UnitReport:
        """Read drawn records; one that acts does so only now."""
        lines = []
        for offset, name in unit.drawn:
            mark(offset)
            if offset not in skip:
                self._act(-offset)
                lines.append(f"{offset} {name}\n")
        mark(-1)
        (folder / "part.txt").write_text("".join(lines))
        return UnitReport(0, 0, {}, {})

    def _act(self, offset: int) -> None:
        act = self.acts.get(offset, "")
        if act.startswith("once "):
            try:
                (self.memo / f"once-{offset}").touch(exist_ok=False)
            except FileExistsError:
                return
        if act:
            ACTS[act.removeprefix("once ")]()


class Unloadable:
    """A maker of works that ends each process that loads it."""

    def __reduce__(self) -> tuple[Callable[[int], object], tuple[int]]:
        return os._exit, (1,)

    def __call__(self) -> FakeWork:
        raise NotImplementedError


@dataclass(frozen=True)
class Factory:
    """Picklable maker of works; `broken` is what goes wrong with the making."""

    memo: Path
    chain: Chain = field(default_factory=lambda: Chain(400))
    acts: Mapping[int, str] = field(default_factory=dict)
    pause: float = 0.0
    broken: str = ""

    def __call__(self) -> FakeWork:
        if self.broken:
            ACTS[self.broken]()
        return FakeWork(self.chain, self.acts, self.memo, self.pause)


class UnpicklableError(Exception):
    """Cannot be sent to another process."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__("the text of a page")
        self.function = lambda: one + two


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang_in_native_code() -> None:
    """Holds the interpreter, so that neither a thread nor a signal handler gets a turn."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGALRM})
    re.match(r"(a+)+$", "a" * 60 + "b")


def fill_disk() -> None:
    with open("/dev/full", "w") as file:
        file.write("x" * 10_000_000)


def throw(error: BaseException) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


ACTS: dict[str, Callable[[], object]] = {
    "die": die,
    "leave": lambda: os._exit(0),
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "sleep": lambda: time.sleep(3600),
    "hang": hang_in_native_code,
    "fill": fill_disk,
    "value": throw(ValueError("the text of a page")),
    "memory": throw(MemoryError()),
    "exit": throw(SystemExit(0)),
    "unpicklable": throw(UnpicklableError(1, 2)),
    "mistake": throw(UserMistake("x.warc: is no WARC; give one.")),
}


def nothing(_progress: Progress) -> None:
    """A watch that does not look."""


def main() -> None:
    """For a supervisor in a process of its own: WORK MEMO {acts} PAUSE WORKERS."""
    work, memo, acts, pause, workers = sys.argv[1:]
    chain = Chain(400)
    made = Factory(Path(memo), chain, {int(at): act for at, act in json.loads(acts).items()}, float(pause))
    try:
        run_units(chain.units(100), Path(work), made, Settings(int(workers)), nothing)
    except NohavenError as error:
        print(error)
        sys.exit(error.exit_code)
