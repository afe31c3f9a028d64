"""The peak of memory: of this process and those below it, though they are gone when it is asked."""

from __future__ import annotations

import gc
import subprocess
import sys
import time

from nohaven.engines.memory import PeakMemory, memory_now

MEBIBYTE = 1024 * 1024
LARGE = f"x = bytearray(b'x') * (120 * {MEBIBYTE}); print('made', flush=True); input()"


def test_children_count_and_the_peak_stays() -> None:
    gc.collect()  # what earlier tests left must not go while we look
    before = memory_now()
    assert before > 5 * MEBIBYTE
    with PeakMemory() as memory:
        pipe = subprocess.PIPE
        with subprocess.Popen([sys.executable, "-c", LARGE], stdin=pipe, stdout=pipe) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(1.2)  # one look
            child.communicate(b"\n")
    assert memory.peak > before + 110 * MEBIBYTE
    assert memory_now() < before + 60 * MEBIBYTE


def test_a_short_run_has_a_peak_too() -> None:
    with PeakMemory() as memory:
        pass
    assert memory.peak > 5 * MEBIBYTE


def test_a_look_is_cheap() -> None:
    begin = time.thread_time()
    for _ in range(10):
        memory_now()
    assert (time.thread_time() - begin) / 10 < 0.05
