"""The embedded engine: whatever dies, each unit's folder stands once, whole, with the same bytes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from nohaven.engines.embedded import Settings, run_units
from nohaven.engines.folders import Result
from nohaven.engines.progress import Progress
from nohaven.engines.slot import Place, read_places
from nohaven.errors import NohavenError, OutsideFailure, UserMistake
from nohaven.records.capture import Unit

from . import fake_works
from .fake_works import Chain, Factory, Unloadable, nothing

CHAIN = Chain(400)
UNITS = CHAIN.units(100)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    return make(tmp_path / "sweep")


@pytest.fixture
def memo(tmp_path: Path) -> Path:
    return make(tmp_path / "memo")


@pytest.fixture(autouse=True)
def _quick_to_see_losses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nohaven.engines.hanging.LostWatch.__init__.__defaults__", (0.6,))


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a run leaves with which nothing goes wrong, in one worker."""
    folder = tmp_path_factory.mktemp("undisturbed")
    run_units(UNITS, make(folder / "sweep"), Factory(folder), Settings(1), nothing)
    return tree(folder / "sweep" / ".work")


def make(folder: Path) -> Path:
    """A folder; of a sweep, the `.work` in it."""
    made = folder / ".work" if folder.name == "sweep" else folder
    made.mkdir(parents=True)
    return made


def run(work: Path, factory: Factory, workers: int = 1, page_seconds: float = 20.0) -> list[Result]:
    return run_units(UNITS, work, factory, Settings(workers, page_seconds), nothing)


def tree(work: Path) -> dict[str, str]:
    units = work / "units"
    return {str(path.relative_to(units)): path.read_text() for path in sorted(units.rglob("*")) if path.is_file()}


def lines(work: Path) -> list[str]:
    return [line for name, text in tree(work).items() if name.endswith("part.txt") for line in text.splitlines()]


def test_two_workers_leave_what_one_leaves(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    results = run(work, Factory(memo), workers=2)
    assert [unit for unit, _ in results] == UNITS
    assert [(report.first, report.next) for _, report in results] == [(0, 100), (100, 200), (200, 300), (300, 400)]
    assert tree(work) == undisturbed
    assert sorted(undisturbed) == [f"{n:06d}/{name}" for n in range(4) for name in ("part.txt", "unit.json")]
    assert lines(work) == [f"{at} page" for at in range(0, 400, 10)]
    assert not list((work / "tmp").iterdir())


SURVIVED = [
    ("once die", "kill -9, and out of memory"),
    ("once segfault", "a bug in native code"),
    ("once leave", "a library that ends the process, as if all were well"),
    ("once value", "a bug in our own code"),
    ("once exit", "a library that calls sys.exit"),
]


@pytest.mark.parametrize(("act", "reason"), SURVIVED)
def test_what_fails_once_is_tried_again(
    work: Path, memo: Path, undisturbed: dict[str, str], act: str, reason: str
) -> None:
    run(work, Factory(memo, acts={150: act}), workers=2)
    assert tree(work) == undisturbed, reason
    assert not (work / "isolated.json").exists()


ISOLATED = [
    ("die", "crashed_worker"),
    ("segfault", "crashed_worker"),
    ("value", "crashed_worker"),
    ("memory", "crashed_worker"),
    ("unpicklable", "crashed_worker"),
    ("hang", "time_limit"),
]


@pytest.mark.parametrize(("act", "reason"), ISOLATED)
def test_what_fails_always_is_set_aside_alone(work: Path, memo: Path, act: str, reason: str) -> None:
    results = run(work, Factory(memo, acts={150: act}), workers=2, page_seconds=0.3)
    assert lines(work) == [f"{at} {reason if at == 150 else 'page'}" for at in range(0, 400, 10)]
    assert json.loads((work / "isolated.json").read_text()) == {"1": {"150": reason}}
    assert [dict(report.counts) for _, report in results][1] == {"pages": 9, "left_out": 1}
    assert not list((work / "tmp").iterdir())


def test_a_unit_may_hold_several_bad_captures(work: Path, memo: Path) -> None:
    run(work, Factory(memo, acts={110: "die", 120: "value", 190: "die"}))
    assert [line for line in lines(work) if "page" not in line] == [f"{at} crashed_worker" for at in (110, 120, 190)]


def test_a_capture_set_aside_stays_so_in_a_resumed_run(work: Path, memo: Path) -> None:
    (work / "isolated.json").write_text('{"1": {"150": "time_limit"}}')
    run(work, Factory(memo, acts={150: "die"}))
    assert "150 time_limit" in lines(work)


def test_time_runs_for_each_capture_not_for_the_unit(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    run(work, Factory(memo, pause=0.05), workers=2, page_seconds=0.45)
    assert tree(work) == undisturbed


def test_what_a_worker_cannot_be_told_is_not_shown(work: Path, memo: Path, caplog: pytest.LogCaptureFixture) -> None:
    run(work, Factory(memo, acts={150: "value"}))
    assert "Set aside the capture at 150 of in.warc: crashed_worker (ValueError)." in caplog.text
    assert "text of a page" not in caplog.text


GIVEN_UP = [
    (
        "value",
        r"Unit [01] \(in\.warc from .* ended its worker 3 times at no capture that could be set aside \(ValueError\)",
    ),
    (
        "die",
        r"Unit [01] \(in\.warc from .* ended its worker 3 times at no capture that could be set aside \(exit code -9\)",
    ),
    ("mistake", r"x\.warc: is no WARC; give one\."),
    ("fill", "No space left in "),
]


@pytest.mark.parametrize(("broken", "message"), GIVEN_UP)
def test_a_work_that_cannot_be_made_ends_the_run(work: Path, memo: Path, broken: str, message: str) -> None:
    with pytest.raises(NohavenError, match=message):
        run(work, Factory(memo, broken=broken))


def test_workers_that_cannot_start_end_the_run(work: Path) -> None:
    with pytest.raises(OutsideFailure, match="Worker processes ended 5 times before they did a unit"):
        run_units(UNITS, work, Unloadable(), Settings(2), nothing)


def test_no_workers_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="workers"):
        Settings(0)


def test_a_thread_may_run_units(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    thread = threading.Thread(target=run, args=(work, Factory(memo)))
    thread.start()
    thread.join()
    assert tree(work) == undisturbed


def test_a_mistake_found_in_a_unit_passes(work: Path, memo: Path) -> None:
    with pytest.raises(UserMistake, match=r"x\.warc: is no WARC; give one\."):
        run(work, Factory(memo, acts={150: "mistake"}), workers=2)


def test_a_unit_that_dies_everywhere_ends_the_run(work: Path, memo: Path) -> None:
    chain = Chain(300)
    dying = Factory(memo, chain, dict.fromkeys(range(0, 300, 10), "value"))
    with pytest.raises(OutsideFailure, match=r"Unit 0 .* at 21 captures"):
        run_units(chain.units(300), work, dying, Settings(1), nothing)


def test_a_full_disk_stops_and_the_run_goes_on_later(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    factory = Factory(memo, acts={250: "once fill"})
    with pytest.raises(OutsideFailure) as caught:
        run(work, factory)
    assert str(caught.value) == f"No space left in {work}; make room and run the same command with --resume."
    done = {path.name for path in (work / "units").iterdir()}
    assert {"000000", "000001"} <= done <= {"000000", "000001", "000003"}  # the other worker may end its unit meanwhile
    run(work, factory)
    assert tree(work) == undisturbed


def test_a_full_disk_met_by_the_supervisor(work: Path, memo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _text: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("nohaven.engines.faults.write_whole", full)
    with pytest.raises(OutsideFailure, match="No space left in"):
        run(work, Factory(memo, acts={150: "value"}))


def test_done_units_are_not_run_again(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    first = run(work, Factory(memo))
    times = {path: path.stat().st_mtime_ns for path in work.glob("units/*")}
    (work / "units" / "000002" / "unit.json").write_text('{"first": ')  # a machine that lost power
    (work / "tmp" / "000003-1-aa").mkdir()
    (work / "tmp" / "000003-1-aa" / "part.txt").write_text("half")
    (work / "progress" / "1").write_text("half")
    assert run(work, Factory(memo)) == first
    assert tree(work) == undisturbed
    assert not list((work / "tmp").iterdir())
    changed = [path.name for path in work.glob("units/*") if path.stat().st_mtime_ns != times[path]]
    assert changed == ["000002"]


def test_a_run_with_nothing_left_starts_no_process(work: Path, memo: Path) -> None:
    first = run(work, Factory(memo))
    assert run(work, Factory(memo, broken="die")) == first


def test_units_of_another_plan_are_redone(work: Path, memo: Path) -> None:
    run(work, Factory(memo))
    results = run_units(CHAIN.units(200), work, Factory(memo), Settings(1), nothing)
    assert [report.next for _, report in results] == [200, 400]
    assert (work / "units" / "000001" / "part.txt").read_text().startswith("200 page\n")


def test_progress_only_grows_and_ends_whole(work: Path, memo: Path) -> None:
    seen: list[Progress] = []
    run_units(UNITS, work, Factory(memo, pause=0.05), Settings(2), seen.append)
    assert seen[-1] == Progress(units_done=4, units=4, pages=40, bytes_done=400, bytes=400, workers=2)
    assert [one.bytes_done for one in seen] == sorted(one.bytes_done for one in seen)
    assert any(one.bytes_done % 100 > 0 for one in seen), "running units count too"
    assert len(seen) >= 4


def test_no_units(work: Path, memo: Path) -> None:
    assert run_units([], work, Factory(memo), Settings(2), nothing) == []


def test_random_kills_lose_nothing_and_blame_nobody(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    ended = threading.Event()

    def kill_now_and_then() -> None:
        while not ended.wait(0.35):
            for place in read_places(work / "progress")[:1]:
                end(place.pid)

    killer = threading.Thread(target=kill_now_and_then)
    (work / "progress").mkdir()
    killer.start()
    try:
        run_units(UNITS, work, Factory(memo, pause=0.02), Settings(2, attempts=50), nothing)
    finally:
        ended.set()
        killer.join()
    assert tree(work) == undisturbed


def test_a_worker_that_dies_while_idle_is_replaced(work: Path, memo: Path, undisturbed: dict[str, str]) -> None:
    killed: list[int] = []

    def kill_the_idle(progress: Progress) -> None:
        busy = {place.pid for place in read_places(work / "progress") if place.unit >= 0}
        idle = set(worker_pids()) - busy
        if progress.units_done == 3 and idle and len(killed) < 2:
            killed.extend(idle)
            for pid in idle:
                end(pid)

    run_units(UNITS, work, Factory(memo, acts={350: "once sleep"}), Settings(2, 1.2), kill_the_idle)
    assert killed
    assert tree(work) == undisturbed


def test_a_lost_answer_of_the_pool_is_found(
    work: Path, memo: Path, undisturbed: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool forgets a unit whose worker's death it sees before it reads that the worker took the unit."""

    def forgetful(_manager: object, _expiration: tuple[int, int]) -> None:
        return

    monkeypatch.setattr("pebble.pool.process.PoolManager.handle_worker_expiration", forgetful)
    run(work, Factory(memo, acts={150: "once die"}), workers=2)
    assert tree(work) == undisturbed


# -- a supervisor in a process of its own


@pytest.fixture
def supervise(work: Path, memo: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts one and waits until its workers are where they act, or well on their way; not without a pause."""
    started: list[subprocess.Popen[str]] = []

    def start(acts: Mapping[int, str], pause: float, workers: int = 2) -> subprocess.Popen[str]:
        code = f"from {fake_works.__name__} import main; main()"
        words = [str(work), str(memo), json.dumps(acts), str(pause), str(workers)]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words],
            env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True,
        )  # fmt: skip
        started.append(process)
        if acts:
            wait_for(lambda: sum(place.offset in acts for place in places(work)) == workers)
        elif pause:
            wait_for(lambda: sum(place.offset > 0 for place in places(work)) == workers)
        return process

    yield start
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        process.communicate()


def places(work: Path) -> list[Place]:
    return list(read_places(work / "progress")) if (work / "progress").is_dir() else []


def wait_for(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def worker_pids(parent: int | None = None) -> list[int]:
    children = psutil.Process(parent).children(recursive=True)
    return [child.pid for child in children if is_worker(child)]


def is_worker(process: psutil.Process) -> bool:
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False


def end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


ORPHANS: list[tuple[dict[int, str], str]] = [
    ({}, "workers that go on from record to record"),
    ({50: "hang", 150: "hang"}, "workers in native code, which never mark again"),
]


@pytest.mark.parametrize(("acts", "reason"), ORPHANS)
def test_kill_9_of_the_supervisor(
    work: Path,
    memo: Path,
    undisturbed: dict[str, str],
    supervise: Callable[..., subprocess.Popen[str]],
    acts: dict[int, str],
    reason: str,
) -> None:
    process = supervise(acts, 0.02)
    pids = worker_pids(process.pid)
    assert len(pids) == 2
    process.kill()
    wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids), 2.0)
    left = list((work / "tmp").iterdir())
    assert left, reason
    run(work, Factory(memo), workers=2)
    assert tree(work) == undisturbed
    assert not list((work / "tmp").iterdir())


STOPS = [
    (signal.SIGINT, True, {}, "Ctrl-C, which a terminal sends to the workers too"),
    (signal.SIGTERM, False, {}, "a service manager"),
    (signal.SIGINT, True, {50: "hang", 150: "hang"}, "workers that do not listen"),
]


@pytest.mark.parametrize(("number", "to_all", "acts", "reason"), STOPS)
def test_asked_to_stop(
    work: Path,
    memo: Path,
    undisturbed: dict[str, str],
    supervise: Callable[..., subprocess.Popen[str]],
    number: signal.Signals,
    to_all: bool,
    acts: dict[int, str],
    reason: str,
) -> None:
    process = supervise(acts, 0.05)
    pids = worker_pids(process.pid)
    before = time.monotonic()
    (os.killpg if to_all else os.kill)(process.pid, number)
    out, err = process.communicate(timeout=5)
    assert time.monotonic() - before < 2.0, reason
    assert (out, err, process.returncode) == ("Stopped; run the same command with --resume to go on.\n", "", 3)
    assert not any(psutil.pid_exists(pid) for pid in pids)
    run(work, Factory(memo), workers=2)
    assert tree(work) == undisturbed


def test_ctrl_c_while_the_workers_start(supervise: Callable[..., subprocess.Popen[str]]) -> None:
    """They do not ignore it by themselves yet."""
    process = supervise({}, 0.0)
    wait_for(lambda: len(worker_pids(process.pid)) > 0)
    status = Path(f"/proc/{worker_pids(process.pid)[0]}/status").read_text()
    blocked = next(line.split()[1] for line in status.splitlines() if line.startswith("SigBlk"))
    assert int(blocked, 16) & 1 << (signal.SIGINT - 1)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=5)
    assert (out, err, process.returncode) == ("Stopped; run the same command with --resume to go on.\n", "", 3)


def test_the_handlers_are_put_back(work: Path, memo: Path) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    run(work, Factory(memo))
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_an_interrupt_raised_by_the_watch_stops(work: Path, memo: Path) -> None:
    def interrupt(_progress: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(OutsideFailure, match=r"^Stopped; run the same command with --resume to go on\.$"):
        run_units(UNITS, work, Factory(memo, pause=0.05), Settings(2), interrupt)
    assert not worker_pids()


def test_another_sweep_at_work(work: Path, memo: Path, supervise: Callable[..., subprocess.Popen[str]]) -> None:
    process = supervise({}, 0.05)
    with pytest.raises(UserMistake) as caught:
        run(work, Factory(memo))
    assert str(caught.value) == f"Another sweep is at work in {work.parent}; wait for it or choose another folder."
    locks = [os.readlink(link) for pid in worker_pids(process.pid) for link in Path(f"/proc/{pid}/fd").iterdir()]
    assert str(work / "lock") not in locks, "workers do not hold it"


def test_more_units_follow_and_one_bad_record_of_them_costs_only_itself(work: Path, memo: Path) -> None:
    """They are named when all others are done, and are not run again where they stand."""
    drawn = ((10, "a"), (20, "b"), (30, "c"))
    more = replace(UNITS[0], number=len(UNITS), start=0, end=0, drawn=drawn)
    asked: list[int] = []

    def named() -> list[Unit]:
        asked.append(sum((work / "units" / f"{unit.number:06d}").is_dir() for unit in UNITS))
        return [more]

    factory = Factory(memo, acts={-20: "die"})
    for _ in range(2):
        results = run_units(UNITS, work, factory, Settings(2), nothing, named)
        assert [unit.number for unit, _ in results] == [0, 1, 2, 3, 4]
    assert asked == [len(UNITS)] * 2
    assert (work / "units" / "000004" / "part.txt").read_text() == "10 a\n30 c\n"
    assert json.loads((work / "isolated.json").read_text()) == {"4": {"20": "crashed_worker"}}
