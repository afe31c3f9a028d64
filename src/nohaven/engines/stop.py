"""Ctrl-C and SIGTERM become a question that the supervising loop asks, not an exception that may rise anywhere."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from nohaven.errors import OutsideFailure


class Stop:
    """Whether a signal came."""

    __slots__ = ("asked",)

    def __init__(self) -> None:
        self.asked = False

    def check(self) -> None:
        """Raises OutsideFailure once a signal came."""
        if self.asked:
            raise stopped()


def stopped() -> OutsideFailure:
    """The answer to Ctrl-C."""
    return OutsideFailure("Stopped; run the same command with --resume to go on.")


@contextmanager
def stop_signals() -> Iterator[Stop]:
    """Catch both signals for a while. Outside the main thread, where no handler can be set, this catches nothing."""
    stop = Stop()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.asked = True

    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            handler = signal.getsignal(number)
            if handler not in (signal.SIG_IGN, None):  # ignored on purpose (nohup), or not set by Python
                before[number] = signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Hold Ctrl-C back from the processes and threads started meanwhile, which inherit that for life."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
