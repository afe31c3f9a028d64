"""The lock of a sweep's folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nohaven.engines.lock import hold_lock
from nohaven.errors import UserMistake

HOLD = """
import fcntl, sys
file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


def test_another_process_keeps_us_out_until_it_ends(tmp_path: Path) -> None:
    work = tmp_path / ".work"
    work.mkdir()
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HOLD, str(work / "lock")], stdin=pipe, stdout=pipe) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(UserMistake) as caught, hold_lock(work):
            pass
        assert str(caught.value) == f"Another sweep is at work in {tmp_path}; wait for it or choose another folder."
        other.kill()
        other.wait()
        with hold_lock(work):
            pass


def test_nested_in_one_process_the_outer_one_counts(tmp_path: Path) -> None:
    with hold_lock(tmp_path):
        with hold_lock(tmp_path):
            pass
        assert _free(tmp_path) is False
    assert _free(tmp_path) is True


def _free(work: Path) -> bool:
    """Whether another process could have the lock."""
    code = "import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)"
    command = [sys.executable, "-c", code, str(work / "lock")]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
