"""Chunked transfer coding, undone piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SIZE_LINE = re.compile(rb"(?:\r?\n)?[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\n]{0,4096})?\r?\n")
_LINE_BYTES = 4200  # no honest size line is longer


class Chunks:
    """A body without its chunk frames. A body that is labelled but not chunked comes out as it went in."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._buffer = b""
        self._at = 0  # bytes of the buffer already used; cutting it at each of many small chunks would be quadratic
        self.short = False  # True once the frames turned out to break off or to be broken

    def __iter__(self) -> Iterator[bytes]:
        size = self._next_size()
        if size is None:  # not chunked at all
            yield self._buffer
            yield from self._pieces
            return
        while size:
            yield from self._chunk(size)
            size = self._next_size()
        self.short = size is None
        for _ in self._pieces:  # trailers
            pass

    def _next_size(self) -> int | None:
        """The size that the next line gives; None where there is no such line."""
        while True:
            match = _SIZE_LINE.match(self._buffer, self._at)
            if match:
                self._at = match.end()
                return int(match[1], 16)
            if len(self._buffer) - self._at > _LINE_BYTES or not self._fill():
                return None

    def _chunk(self, size: int) -> Iterator[bytes]:
        while size and (self._at < len(self._buffer) or self._fill()):
            piece = self._buffer[self._at : self._at + size]
            self._at += len(piece)
            size -= len(piece)
            yield piece

    def _fill(self) -> bool:
        piece = next(self._pieces, None)
        if piece is None:
            return False
        self._buffer, self._at = self._buffer[self._at :] + piece, 0
        return True
