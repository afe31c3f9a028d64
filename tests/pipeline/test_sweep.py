"""Sweeps of the exercise from end to end: same rows whatever happens on the way, nothing kept that may not be."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from nohaven.exercise.build import ExerciseFiles, build_exercise
from nohaven.store.tables import PARTS, WHOLE, read_table

PAGES = 400


@pytest.fixture(scope="module")
def exercise(tmp_path_factory: pytest.TempPathFactory) -> ExerciseFiles:
    return build_exercise(tmp_path_factory.mktemp("exercise"), PAGES, 5)


def _command(warc: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "nohaven.cli.main", "--quiet", "sweep", str(warc), "--out", str(out), *more]


def _rows(folder: Path) -> dict[str, list[str]]:
    """Every row of every table as sorted text, whatever file it lies in."""
    names = [*PARTS, *WHOLE]
    tables = {n: read_table(folder / n if n in PARTS else folder / f"{n}.parquet") for n in names}
    return {n: sorted(json.dumps(r, default=str, sort_keys=True) for r in t.to_pylist()) for n, t in tables.items()}


@pytest.fixture(scope="module")
def undisturbed(exercise: ExerciseFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("swept") / "sweep"
    subprocess.run(_command(exercise.warc, out, "--workers", "1"), check=True)
    return out


def test_one_and_two_workers_give_the_same_rows(exercise: ExerciseFiles, undisturbed: Path, tmp_path: Path) -> None:
    subprocess.run(_command(exercise.warc, tmp_path / "two", "--workers", "2"), check=True)
    assert _rows(tmp_path / "two") == _rows(undisturbed)


def test_killed_supervisor_then_resume_gives_the_same_rows(
    exercise: ExerciseFiles, undisturbed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "killed"
    running = subprocess.Popen(_command(exercise.warc, out, "--workers", "2"))
    deadline = time.monotonic() + 60
    while not (out / ".work" / "tmp").is_dir() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(1.0)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert not (out / "run.json").exists(), "it had finished before it was killed: make the exercise larger"
    subprocess.run(_command(exercise.warc, out, "--resume"), check=True)
    assert _rows(out) == _rows(undisturbed)
    assert not (out / ".work").exists()


def test_every_page_is_in_pages_or_left_out(exercise: ExerciseFiles, undisturbed: Path) -> None:
    truth = [json.loads(x) for x in exercise.truth.read_text(encoding="utf-8").split("\n") if x]
    read = set(read_table(undisturbed / "pages")["url"].to_pylist())
    missing = [t["url"] for t in truth if t["url"] not in read and not t.get("reserved")]
    assert missing == []


def test_no_innocent_page_of_the_exercise_is_accused(exercise: ExerciseFiles, undisturbed: Path) -> None:
    truth = {t["url"]: t for t in map(json.loads, filter(None, exercise.truth.read_text(encoding="utf-8").split("\n")))}
    accused = {u for u in read_table(undisturbed / "offers")["url"].to_pylist() if not truth[u]["offers"]}
    assert accused == set()


def test_planted_numbers_stand_nowhere_in_the_sweep(exercise: ExerciseFiles, undisturbed: Path) -> None:
    """Cards and resident ids, on pages with and without an offer, in tables, copies and the run record."""
    truth = [json.loads(x) for x in exercise.truth.read_text(encoding="utf-8").split("\n") if x]
    numbers = {n for t in truth for kind in t["planted"].values() for n in kind}
    assert numbers, "the exercise planted none: choose another seed"
    for file in filter(Path.is_file, undisturbed.rglob("*")):
        if file.suffix == ".parquet":
            text = json.dumps(pq.read_table(file).to_pylist(), default=str)
        else:
            data = file.read_bytes()
            text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8", "replace")
        bare = "".join(c for c in text if c not in " -.\u200b")
        assert [n for n in numbers if n in bare] == [], file.name


def test_a_reserved_page_leaves_nothing_but_its_hash(exercise: ExerciseFiles, undisturbed: Path) -> None:
    truth = [json.loads(x) for x in exercise.truth.read_text(encoding="utf-8").split("\n") if x]
    reserved = {t["url"] for t in truth if t.get("reserved")}
    assert reserved
    for name in ("pages", "offers", "review"):
        assert not reserved & set(read_table(undisturbed / name)["url"].to_pylist()), name
    assert read_table(undisturbed / "escalations.parquet").num_rows == len(reserved)
    for file in (undisturbed / "captures").glob("*.gz"):
        assert b"[sexual-term]" not in gzip.decompress(file.read_bytes())


def test_files_are_the_owners_alone(undisturbed: Path) -> None:
    assert os.stat(undisturbed / "escalations.parquet").st_mode & 0o077 == 0
    assert all(os.stat(f).st_mode & 0o077 == 0 for f in (undisturbed / "captures").glob("*.gz"))
