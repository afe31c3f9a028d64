"""The body of a message: its frames and codings undone, hashed as received, never more of it held than is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from nohaven.intake.chunked import Chunks
from nohaven.intake.codings import PIECE, UndecodableError, is_known, undo
from nohaven.intake.http_head import HttpHead
from nohaven.intake.media import looks_text, magic
from nohaven.records.capture import Bounds

_FEED = 1024  # bytes of a coded body given to its decoder at a time, so that a bomb is seen by what it took
_TELLING = 512  # first bytes that tell text from binary
_MAX_CODINGS = 5  # servers stack two at most


@dataclass(frozen=True, slots=True)
class Body:
    """What a capture keeps of a body."""

    payload: bytes
    sha256: str  # of the body as received, transfer coding undone, content coding kept
    truncated: bool


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a record makes no capture, in the words of `LeftOut`."""

    reason: str
    detail: str | None = None


class _BombError(Exception):
    """A body whose decoded size is out of all proportion to what was received."""


def plain_body(first: bytes, rest: Iterable[bytes], max_bytes: int) -> Body:
    """A body without frames or codings; `rest` follows `first`."""
    digest = hashlib.sha256()
    payload = bytearray()
    cut = False
    for piece in chain([first], rest):
        digest.update(piece)
        room = max_bytes - len(payload)
        cut = cut or len(piece) > room
        payload += piece[:room]
    return Body(bytes(payload), digest.hexdigest(), cut)


def http_body(first: bytes, rest: Iterable[bytes], head: HttpHead, bounds: Bounds) -> Body | Refusal:
    """The body of a response whose head is known."""
    if not head.chunked and not head.codings and not rest:  # nine of ten
        length = len(first)
        cut = length > bounds.max_page_bytes or length < (head.content_length or 0)
        return Body(first[: bounds.max_page_bytes], hashlib.sha256(first).hexdigest(), cut)
    received = _Received(first, rest, head)
    payload, cut, seen = bytearray(), False, 0
    try:
        for piece in _decoded(received, head.codings, bounds):
            room = bounds.max_page_bytes - len(payload)
            payload += piece[:room]
            if len(piece) > room and not cut:
                cut, seen = True, received.bytes
            if cut and received.bytes != seen:  # all that went in before has come out: no bomb so far
                break
    except _BombError as bomb:
        return Refusal("decompression_bomb", str(bomb))
    except UndecodableError as error:
        cut = True
        if not payload:
            return Refusal("bad_encoding", f"{', '.join(head.codings)}: {error}")
    finally:
        received.drain()
    if _is_binary_of_unknown_coding(payload, head.codings):
        return Refusal("bad_encoding", ", ".join(head.codings))
    short = not head.chunked and received.bytes < (head.content_length or 0)
    return Body(bytes(payload), received.sha256, cut or short or received.short)


class _Received:
    """The body as it came, without its chunk frames; counts and hashes what is taken from it."""

    def __init__(self, first: bytes, rest: Iterable[bytes], head: HttpHead) -> None:
        self._chunks = Chunks(chain(_cut([first], PIECE), rest)) if head.chunked else None
        self._digest = hashlib.sha256()
        self.bytes = 0
        self.pieces = self._taken(self._chunks or chain([first], rest), _FEED if head.codings else PIECE)

    def _taken(self, source: Iterable[bytes], size: int) -> Iterator[bytes]:
        for piece in _cut(source, size):
            self.bytes += len(piece)
            self._digest.update(piece)
            yield piece

    def drain(self) -> None:
        """Counts and hashes what was not asked for, so that the hash is that of the whole body."""
        for _ in self.pieces:
            pass

    @property
    def short(self) -> bool:
        return self._chunks is not None and self._chunks.short

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _decoded(received: _Received, codings: tuple[str, ...], bounds: Bounds) -> Iterator[bytes]:
    """The body before its codings, the last applied undone first."""
    pieces = received.pieces
    if len(codings) > _MAX_CODINGS:
        raise UndecodableError("too many codings")
    for coding in reversed(codings):
        pieces = _guarded(undo(coding, pieces), received, bounds)
    return pieces


def _guarded(pieces: Iterator[bytes], received: _Received, bounds: Bounds) -> Iterator[bytes]:
    """The pieces, as long as they are in proportion to what was received."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > bounds.max_page_bytes and total > bounds.max_decode_ratio * received.bytes:
            raise _BombError(f"over {total} bytes from {received.bytes}")
        yield piece


def _is_binary_of_unknown_coding(payload: bytearray, codings: tuple[str, ...]) -> bool:
    if all(is_known(coding) for coding in codings):
        return False
    start = bytes(payload[:_TELLING])
    return magic(start) is not None or not looks_text(start)


def _cut(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    return (piece[at : at + size] for piece in pieces for at in range(0, len(piece), size))
