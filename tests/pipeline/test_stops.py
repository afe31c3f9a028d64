"""Sweeps that are stopped, starved or disturbed: `--resume` loses and doubles no row, and nothing is half written."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from nohaven.detection.rulebook import load_rulebook
from nohaven.engines.embedded import Settings, run_units
from nohaven.engines.lock import hold_lock
from nohaven.errors import UserMistake
from nohaven.pipeline import finish
from nohaven.pipeline import sweep as sweeping
from nohaven.pipeline.plan import Asked, make_plan
from nohaven.records.capture import Bounds
from nohaven.store.cache import cache_folder
from nohaven.store.sweep_folder import SweepFolder
from nohaven.store.tables import PARTS, WHOLE

from .bent_work import BentSettings
from .made import NOHAVEN, OFFER, all_text, left_out, packed, page, pages, record, rows, run, sweep

ASKED = Asked("extraction", Bounds().max_page_bytes, 20.0, None, 1)
FEW, OUT = Path("few.warc.gz"), Path("out")
FINAL_NAMES = {*PARTS, *(f"{name}.parquet" for name in WHOLE), "captures", "run.json"}


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Large enough that a signal finds it at work: some seconds of reading."""
    path = tmp_path_factory.mktemp("crawl") / "crawl.warc.gz"
    words = " ".join(f"seeds{n} tools" for n in range(300))
    many = [page(n, f"{words} {OFFER if n % 50 == 0 else ''} {n * 7919:x}", f"h{n % 40}.example") for n in range(3000)]
    path.write_bytes(b"".join(packed(*many)))
    return path


@pytest.fixture(scope="module")
def whole(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "sweep"
    sweep(crawl, out=out)
    return out


@pytest.fixture(scope="module")
def undisturbed(whole: Path) -> dict[str, list[str]]:
    found = rows(whole)
    assert len(found["pages"]) == 3000
    assert len(found["offers"]) >= 60
    return found


def _started(crawl: Path, out: Path) -> tuple[subprocess.Popen[bytes], int]:
    """A sweep in mid-run and the pid of its worker."""
    running = subprocess.Popen(
        [*NOHAVEN, "--quiet", "sweep", str(crawl), "--out", str(out), "--workers", "1"], stderr=subprocess.PIPE
    )
    slots = out / ".work" / "progress"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and running.poll() is None:
        for child in psutil.Process(running.pid).children(recursive=True):
            slot = slots / str(child.pid)
            if slot.is_file() and any((out / ".work" / "tmp").iterdir()):
                time.sleep(0.2)
                return running, child.pid
        time.sleep(0.02)
    raise AssertionError("no worker came to work")


def test_a_killed_worker_costs_no_row(crawl: Path, undisturbed: dict[str, list[str]], tmp_path: Path) -> None:
    running, worker = _started(crawl, tmp_path / "out")
    os.kill(worker, signal.SIGKILL)
    assert not (tmp_path / "out" / "run.json").exists(), "it had finished before: make the crawl larger"
    assert running.wait(60) == 0
    assert rows(tmp_path / "out") == undisturbed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_with_one_line_and_resume_goes_on(
    number: signal.Signals, crawl: Path, undisturbed: dict[str, list[str]], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    running, _ = _started(crawl, out)
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 3
    assert said.decode().strip() == "nohaven: Stopped; run the same command with --resume to go on."
    assert {p.name for p in out.iterdir()} == {".work"}, "something has its final name already"
    sweep(out=out, resume=True)
    assert rows(out) == undisturbed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A function that makes a disk of a size, or gives the disk another size."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def sized(size: str) -> Path:
        options = f"remount,size={size}" if os.path.ismount(disk) else f"size={size}"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.decode().strip()}")
        return disk

    yield sized
    if os.path.ismount(disk):
        subprocess.run(["umount", "-l", str(disk)], check=False)


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("share", [0.03, 0.5, 0.8])
def test_a_full_disk_is_one_line_and_resume_goes_on(
    share: float, crawl: Path, whole: Path, undisturbed: dict[str, list[str]], small_disk: Callable[[str], Path]
) -> None:
    """Shares of what the sweep takes: room ends before a worker writes, while it does, and in the last step."""
    blocks = sum(-(-file.stat().st_size // 4096) for file in whole.rglob("*") if file.is_file())
    out = small_disk(f"{int(4 * blocks * share)}k") / "out"
    done = run("--quiet", "sweep", str(crawl), "--out", str(out), "--workers", "1")
    assert done.returncode == 3, done.stderr.decode()
    assert done.stderr.startswith(b"nohaven: No space left in ")
    assert len(done.stderr.strip().split(b"\n")) == 1
    assert not FINAL_NAMES & {p.name for p in out.iterdir()}
    small_disk("200m")
    sweep(out=out, resume=True)
    assert rows(out) == undisturbed


def _small(folder: Path) -> Path:
    """A crawl of a few pages, one with an offer, one that crashes its worker and two that hang it."""
    path = folder / "small.warc.gz"
    strange = [record(f"http://strange.example/{name}", b"<p>strange") for name in ("crash", "hang", "slow")]
    path.write_bytes(b"".join(packed(page(0), strange[0], page(1, OFFER), strange[1], strange[2], page(2))))
    return path


def test_a_page_that_crashes_or_hangs_its_worker_is_left_out(tmp_path: Path) -> None:
    """The engine runs the units with a chain that fails; the sweep then takes them up as they are."""
    out = tmp_path / "out"
    asked = Asked("detection", Bounds().max_page_bytes, 1.0, None, 1)
    plan = make_plan([str(_small(tmp_path))], asked, load_rulebook().sha256, SweepFolder(out))
    bent = BentSettings(asked.bounds, asked.until, asked.page_seconds, cache_folder())
    run_units(plan.units, out / ".work", bent.make, Settings(1, page_seconds=2.0), lambda _: None)
    sweep(out=out, resume=True)
    assert {url: [r for _, r in places] for url, places in left_out(out).items()} == {
        "http://strange.example/crash": ["crashed_worker"],
        "http://strange.example/hang": ["time_limit"],
        "http://strange.example/slow": ["time_limit"],
    }
    assert set(pages(out)) == {f"http://plain.example/{n}" for n in range(3)}


class _Stopped(BaseException):
    """Stands for a kill: nothing catches it."""


def _stop_at(count: int, function: Callable[..., object]) -> Callable[..., object]:
    """The function, which at its n-th call (from 0) is stopped before it does anything."""
    calls = iter(range(10_000))

    def stopping(*arguments: object, **named: object) -> object:
        if next(calls) == count:
            raise _Stopped
        return function(*arguments, **named)

    return stopping


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, dict[str, list[str]]]:
    """A crawl of three pages, and the rows of its sweep under the name few.warc.gz."""
    folder = tmp_path_factory.mktemp("few")
    data = b"".join(packed(page(0), page(1, OFFER), page(2)))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        FEW.write_bytes(data)
        sweep(FEW, out=Path("whole"), until="extraction")
    return data, rows(folder / "whole")


def _stopped_sweep(stop: Callable[[pytest.MonkeyPatch], None]) -> None:
    """A sweep of few.warc.gz to `out` that stops where the patch says."""
    with pytest.MonkeyPatch.context() as patch:
        stop(patch)
        with pytest.raises(_Stopped):
            sweep(FEW, out=OUT, until="extraction")


@pytest.mark.parametrize("moved", [0, 1, 8, 14])
def test_a_stop_while_results_are_moved_loses_no_table(
    moved: int, few: tuple[bytes, dict[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifteen moves bring the tables into place. After the first, they must go on, not begin again."""
    monkeypatch.chdir(tmp_path)
    FEW.write_bytes(few[0])
    fake = SimpleNamespace(replace=_stop_at(moved, os.replace), link=os.link)
    _stopped_sweep(lambda patch: patch.setattr(finish, "os", fake))
    assert len(FINAL_NAMES & {p.name for p in OUT.iterdir()}) == moved
    assert run("inspect", "--sweep", str(OUT), "http://plain.example/1", cwd=tmp_path).returncode == 2
    FEW.unlink()  # all is read: the input is not needed any more
    sweep(out=OUT, until="extraction", resume=True)
    assert rows(OUT) == few[1]
    assert {p.name for p in OUT.iterdir()} == FINAL_NAMES


@pytest.mark.parametrize("removed", [(), ("plan.json", "lock"), ("publish", "final", "units")])
def test_a_stop_while_the_work_folder_is_removed(
    removed: tuple[str, ...], few: tuple[bytes, dict[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    FEW.write_bytes(few[0])
    fake = SimpleNamespace(rmtree=_stop_at(0, shutil.rmtree))
    _stopped_sweep(lambda patch: patch.setattr(sweeping, "shutil", fake))
    for name in removed:
        gone = OUT / ".work" / name
        shutil.rmtree(gone) if gone.is_dir() else gone.unlink(missing_ok=True)
    with pytest.raises(UserMistake, match="add --resume to finish it"):
        sweep(FEW, out=OUT, until="extraction")
    assert sweep(FEW, out=OUT, until="extraction", resume=True).counts["pages"] == 3
    assert rows(OUT) == few[1]
    assert not (OUT / ".work").exists()


def test_standard_input_is_taken_up_from_any_folder(tmp_path: Path) -> None:
    """It cannot be read again, so the sweep keeps a copy that only its owner reads."""
    lines = b"".join(
        json.dumps({"url": f"http://row.example/{n}", "text": f"seeds {n}"}).encode() + b"\n" for n in range(9)
    )
    done = _stopped_on_standard_input(lines, tmp_path)
    assert done.returncode == 3, done.stderr.decode()
    assert stat.S_IMODE((tmp_path / "out" / ".work" / "stdin").stat().st_mode) == 0o600
    sweep(out=tmp_path / "out", resume=True)
    assert set(pages(tmp_path / "out")) == {f"http://row.example/{n}" for n in range(9)}
    run_json = json.loads((tmp_path / "out" / "run.json").read_text())
    assert run_json["inputs"] == [{"bytes": len(lines), "input": "-", "sha256": hashlib.sha256(lines).hexdigest()}]


def _stopped_on_standard_input(lines: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """The command with a relative --out, stopped as soon as its plan stands."""
    command = [*NOHAVEN, "--quiet", "sweep", "-", "--out", "out", "--until", "extraction"]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    assert running.stdin is not None
    running.stdin.write(lines)
    running.stdin.close()
    running.stdin = None
    while not (folder / "out" / ".work" / "units").is_dir() and running.poll() is None:
        time.sleep(0.005)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    return subprocess.CompletedProcess(command, running.returncode, b"", said)


def test_folders_that_are_in_use_or_hold_something_else(
    few: tuple[bytes, dict[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer is one sentence, and what lies there stays as it is."""
    monkeypatch.chdir(tmp_path)
    FEW.write_bytes(few[0])
    sweep(FEW, out=OUT, until="extraction")
    (tmp_path / "half" / ".work").mkdir(parents=True)
    _plan_only(tmp_path / "half")
    (tmp_path / "file").write_text("mine")
    before = dict(all_text(tmp_path))
    cases = [
        (OUT, False, "already holds a finished sweep"),
        (OUT, True, "already holds a finished sweep"),
        (tmp_path / "half", False, "holds an unfinished sweep; add --resume"),
        (tmp_path / "file", False, "holds no sweep"),
        (tmp_path / "file" / "below", False, "cannot be written"),
        (tmp_path / "new", True, "holds nothing to resume"),
    ]
    for out, resume, words in cases:
        with pytest.raises(UserMistake, match=words):
            sweep(FEW, out=out, until="extraction", resume=resume)
    (tmp_path / "other.warc.gz").write_bytes(few[0])
    with pytest.raises(UserMistake, match="begun with other inputs"):
        sweep(tmp_path / "other.warc.gz", out=tmp_path / "half", resume=True)
    (tmp_path / "other.warc.gz").unlink()
    (tmp_path / "half" / ".work" / "lock").unlink()
    assert dict(all_text(tmp_path)) == before


def _plan_only(out: Path) -> None:
    make_plan([str(FEW)], ASKED, load_rulebook().sha256, SweepFolder(out))
    (out / ".work" / "lock").unlink()


SECOND = [
    (("sweep", "few.warc.gz", "--out", "out"), b"holds an unfinished sweep; add --resume"),
    (("sweep", "few.warc.gz", "--out", "out", "--resume"), b"Another sweep is at work in out"),
    (("erase", "out", "--site", "plain.example"), b"Another sweep is at work in out"),
]


def test_what_comes_second_to_a_folder_at_work_is_refused(
    few: tuple[bytes, dict[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This process holds the folder as a sweep at work does."""
    monkeypatch.chdir(tmp_path)
    FEW.write_bytes(few[0])
    _plan_only(OUT)
    with hold_lock(OUT / ".work"):
        before = dict(all_text(OUT))
        for arguments, words in SECOND:
            done = run(*arguments, cwd=tmp_path)
            assert done.returncode == 2, arguments
            assert words in done.stderr
        assert dict(all_text(OUT)) == before


def test_pages_of_a_folder_are_read_again_for_the_audit(tmp_path: Path) -> None:
    """Their offset is their place in the folder, by which the last step finds them."""
    folder = tmp_path / "saved"
    folder.mkdir()
    for n in range(4):
        (folder / f"{n}.html").write_text(f"<title>p{n}</title><p>garden tools no {n}", encoding="utf-8")
    sweep(folder, out=tmp_path / "out")
    audit = [json.loads(row) for row in rows(tmp_path / "out")["review"]]
    assert sorted(r["block"] for r in audit) == [f"garden tools no {n}" for n in range(4)]
    assert sorted(int(str(r["offset"])) for r in pages(tmp_path / "out").values()) == [0, 1, 2, 3]
