"""One sweep at a time works in a folder."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nohaven.errors import UserMistake


@contextmanager
def hold_lock(work: Path) -> Iterator[None]:
    """Hold `work/lock`; the kernel lets go of it when this process ends in whatever way, and no worker inherits it.

    May be nested within one process. Raises UserMistake where another process holds it.
    """
    descriptor = os.open(work / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if not _open_elsewhere_in_this_process(descriptor):
                raise UserMistake(
                    f"Another sweep is at work in {work.parent}; wait for it or choose another folder."
                ) from error
        yield
    finally:
        os.close(descriptor)


def _open_elsewhere_in_this_process(descriptor: int) -> bool:
    """Whether the lock that is taken is our own, taken further up the stack."""
    mine = os.fstat(descriptor)
    for name in os.listdir("/dev/fd"):
        try:
            other = os.fstat(int(name))
        except OSError:  # the descriptor of the listing itself is closed by now
            continue
        if int(name) != descriptor and os.path.samestat(mine, other):
            return True
    return False
