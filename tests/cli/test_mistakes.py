"""The user's mistakes: one clear line, exit code 2, nothing written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

NOHAVEN = [sys.executable, "-m", "nohaven.cli.main"]


def _run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*NOHAVEN, *arguments], capture_output=True, input=given, check=False)


def _input(folder: Path, kind: str) -> Path:
    path = folder / "input.bin"
    if kind == "empty":
        path.write_bytes(b"")
    elif kind == "unknown format":
        path.write_bytes(bytes(range(256)) * 40)
    elif kind == "empty folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "unreadable":
        path.symlink_to("/proc/self/mem")  # cannot be read at its start, not even by root
    return path


@pytest.mark.parametrize("kind", ["missing", "empty", "unknown format", "empty folder", "pipe", "unreadable"])
def test_a_wrong_input_is_one_line_and_nothing_written(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = _run("sweep", str(_input(tmp_path, kind)), "--out", str(out))
    assert done.returncode == 2
    assert len(done.stderr.strip().split(b"\n")) == 1
    assert not out.exists()


@pytest.mark.parametrize("given", [b"", bytes(range(256)) * 40])
def test_a_wrong_standard_input_is_one_line_and_nothing_left(given: bytes, tmp_path: Path) -> None:
    done = _run("sweep", "-", "--out", str(tmp_path / "out"), given=given)
    assert done.returncode == 2
    assert len(done.stderr.strip().split(b"\n")) == 1
    assert not (tmp_path / "out").exists()


def test_one_wrong_input_of_two_stops_all(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>hello", encoding="utf-8")
    done = _run("sweep", str(tmp_path / "page.html"), str(tmp_path / "missing"), "--out", str(tmp_path / "out"))
    assert done.returncode == 2
    assert b"missing: no such file" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_things_is_not_written_to(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>hello", encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("keep", encoding="utf-8")
    done = _run("sweep", str(page), "--out", str(out))
    assert done.returncode == 2
    assert [p.name for p in out.iterdir()] == ["mine.txt"]


def test_a_row_in_is_a_row_out_in_the_same_order() -> None:
    rows = [b'{"id": "a", "text": "hello"}', b"no json", b'{"id": "c"}', b'{"id": "d", "text": "\\ud800"}']
    done = _run("inspect", "-", "--jsonl", given=b"\n".join(rows) + b"\n")
    answers = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    assert [a["id"] for a in answers] == ["a", "1", "c", "d"]
    assert all(a["stance"] == "none" and a["offers"] == [] and a["sightings"] == [] for a in answers)
