"""The most memory that a run had at one time."""

from __future__ import annotations

import threading
import time
from types import TracebackType

import psutil

_SECONDS = 1.0  # between two looks
_SHARE = 0.01  # of a core that the looks may take


class PeakMemory:
    """Looks at this process and all below it about once a second, in a thread, from `with` to its end.

    Proportional set size where the system tells it, so that pages shared by the processes count once; else resident
    set size, which counts them for each.
    """

    __slots__ = ("_end", "_thread", "peak")

    def __init__(self) -> None:
        self.peak = 0  # bytes
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> PeakMemory:
        self._thread = threading.Thread(target=self._watch, name="peak memory", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self._end.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        pause = 0.0
        while not self._end.wait(pause):
            before = time.thread_time()
            self.peak = max(self.peak, memory_now())
            pause = max(_SECONDS, (time.thread_time() - before) / _SHARE)
        self.peak = max(self.peak, memory_now())


def memory_now() -> int:
    """Bytes of this process and all below it."""
    this = psutil.Process()
    return sum(_bytes(process) for process in [this, *this.children(recursive=True)])


def _bytes(process: psutil.Process) -> int:
    """Of one process; 0 where it ended meanwhile."""
    try:
        try:
            full = process.memory_full_info()
            return int(getattr(full, "pss", 0) or full.rss)
        except psutil.AccessDenied:
            return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
