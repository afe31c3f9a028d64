"""What can go wrong in a way a user can act on. The message of each error is one sentence: what, where, what to do."""

from __future__ import annotations


class NohavenError(Exception):
    """The root of all errors that a command answers with one clear line instead of a traceback."""

    exit_code = 3


class UserMistake(NohavenError):
    """What the user asked for cannot be done as asked (exit code 2)."""

    exit_code = 2


class CheckFailed(NohavenError):
    """A check ran and its answer is no: a floor, a verification, a lint (exit code 1)."""

    exit_code = 1


class OutsideFailure(NohavenError):
    """Something outside the program failed: the disk, a signal, a worker that could not be started (exit code 3)."""

    exit_code = 3
