"""A run of a WARC's bytes: records that can only be read one after another, and the means to tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

PIECE = 64 * 1024
VERSION = b"WARC/"
HEAD_END = re.compile(rb"\r\n\r\n|(?<!\r)\n\n")
_NEXT_RECORD = re.compile(rb"(?:\r?\n){1,8}(?=WARC/\d\.\d{1,2}\r?\n)")
_SEAM = 32  # bytes at the end of a piece in which the start of the next record may hide
_BLANK_BYTES = 1024  # blank lines after a record that are passed over without a second look
_BLANK_LINES = re.compile(rb"(?:[ \t\f\r]*\n)+")  # what fastwarc, too, passes over between records


class DamagedError(Exception):
    """The bytes of a run cannot be trusted from here on. `reached` is the byte of the file up to which it was fed."""

    def __init__(self, detail: str, reached: int) -> None:
        super().__init__(detail)
        self.reached = reached


class Supply(Protocol):
    """Where a run's bytes come from."""

    end: int  # of what was taken so far, in bytes of the file
    short: bool  # the file ends before the run does

    def next_piece(self) -> bytes:
        """The next bytes, at most 64 kB; none at the end of the run. Raises DamagedError."""


class Run:
    """A supply with a buffer, so that it can be looked into."""

    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self._buffer = b""
        self._done = False

    @property
    def end(self) -> int:
        """The byte of the file at which what was taken so far ends; once the run is at its end, where it ends."""
        return self._supply.end

    @property
    def short(self) -> bool:
        """Whether the file ended before the run did."""
        return self._supply.short

    def take(self, most: int) -> bytes:
        """Up to `most` bytes, fewer if fewer are at hand; none at the end of the run."""
        if not self._buffer:
            self._fill()
        taken, self._buffer = self._buffer[:most], self._buffer[most:]
        return taken

    def head(self, max_bytes: int) -> bytes | None:
        """The header of the record at which the run stands; None if it is none or longer than that."""
        while True:
            found = HEAD_END.search(self._buffer)
            if found or len(self._buffer) > max_bytes or not self._fill():
                break
        if not found or found.end() > max_bytes or not self._buffer.startswith(VERSION):
            return None
        head, self._buffer = self._buffer[: found.end()], self._buffer[found.end() :]
        return head

    def at_seam(self) -> bool:
        """Whether a record can end here: two line ends, a new record or the run's end follow. Passes over blank lines.

        What follows two line ends may be rubbish: that is the rubbish's fault and not a wrong length.
        """
        while True:
            blank = _BLANK_LINES.match(self._buffer)
            rest = self._buffer[blank.end() :] if blank else self._buffer
            if len(rest) >= len(VERSION) or len(self._buffer) > _BLANK_BYTES or not self._fill():
                break
        if rest and not rest.startswith(VERSION) and not self._buffer.startswith(b"\r\n\r\n"):
            return False
        self._buffer = rest
        return True

    def at_end(self) -> bool:
        """Whether nothing is left of the run."""
        return not self._buffer and not self._fill()

    def to_next_record(self) -> Iterator[bytes]:
        """What lies before the next record or the end of the run, without the blank lines before either."""
        while True:
            found = _NEXT_RECORD.search(self._buffer)
            if found:
                before, self._buffer = self._buffer[: found.start()], self._buffer[found.end() :]
                yield before
                return
            keep = max(len(self._buffer) - _SEAM, 0)
            before, self._buffer = self._buffer[:keep], self._buffer[keep:]
            if before:
                yield before
            if not self._fill():
                break
        before, self._buffer = self._buffer, b""
        yield before.removesuffix(b"\r\n\r\n")

    def _fill(self) -> bool:
        piece = b"" if self._done else self._supply.next_piece()
        self._done = not piece
        self._buffer += piece
        return bool(piece)


class Block:
    """A record's block: as long as its header says if what follows agrees, else up to the next record or the end."""

    def __init__(self, run: Run, declared: int | None) -> None:
        self._run = run
        self._declared = declared or 0
        self.early = False  # it ended before its declared length

    def __iter__(self) -> Iterator[bytes]:
        left = self._declared
        held = b""  # the last bytes, in case they are the blank lines after a record that ends early
        while left:
            piece = self._run.take(min(left, PIECE))
            if not piece:
                self.early = True
                yield held if self._run.short else held.removesuffix(b"\r\n\r\n")
                return
            left -= len(piece)
            held += piece
            yield held[:-4]
            held = held[-4:]
        yield held
        if not self._run.at_seam():
            yield from self._run.to_next_record()
