"""Content codings undone in bounded pieces. A coding that a header claims and the body does not have is passed over."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import chain

import brotli
import zstandard

from nohaven.intake.media import looks_text

PIECE = 64 * 1024  # bytes that a decoder hands out at a time
_ZSTD_WINDOW = 8 * 1024 * 1024  # RFC 9659: the most that a client of HTTP has to offer
_ZSTD_FEED = 64  # bytes; a block of four bytes can stand for 128 kB
_START = 1024  # bytes at the start of a body that decide how it is coded
_TELLING = 64  # bytes of text that no longer pass for a coding by chance
_BROTLI_FEED = 1024
_BROTLI_REPLAY = 128 * 1024  # bytes kept to repeat what came before an error
_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"


class UndecodableError(Exception):
    """A coded body broke off or broke down; what came before may have been handed out already."""


class BrokenOffError(UndecodableError):
    """The body ended before its coding did."""


Pieces = Iterator[bytes]
_Decoder = Callable[[Pieces], Pieces]


def undo(coding: str, pieces: Pieces) -> Pieces:
    """The body before that coding. Raises UndecodableError after the last piece that could be decoded.

    Codings that nobody knows are passed over, as browsers do: servers send charsets and other words there.
    """
    start = bytearray()
    for piece in pieces:
        start += piece
        if len(start) >= _START:
            break
    head = bytes(start)
    decoder = _decoder(coding, head)
    whole = chain([head], pieces) if head else iter(())
    return decoder(whole) if decoder and head else whole


def is_known(coding: str) -> bool:
    """Whether the name is that of a coding that can be undone."""
    return coding in ("gzip", "x-gzip", "deflate", "br", "zstd")


def _decoder(coding: str, head: bytes) -> _Decoder | None:
    if coding in ("gzip", "x-gzip"):
        return _gzip if head.startswith(_GZIP_MAGIC) else None
    if coding == "zstd":
        return _zstd if head.startswith(_ZSTD_MAGIC) else None
    if coding == "deflate":
        return _either(_zlib if _has_zlib_header(head) else _raw_deflate)
    if coding == "br":
        return _either(_brotli)
    return None


def _either(decoder: _Decoder) -> _Decoder:
    """These codings have no mark of their own: a body that looks like text and does not decode is plain."""

    def decode(pieces: Pieces) -> Pieces:
        first = next(pieces, b"")
        if looks_text(first) and not _decodes(decoder, first):
            return chain([first], pieces)
        return decoder(chain([first], pieces))

    return decode


def _decodes(decoder: _Decoder, first: bytes) -> bool:
    """Whether the first piece of a body is decoded without error, as far as it goes."""
    try:
        for count, _ in enumerate(decoder(iter([first]))):
            if count:  # 64 kB came out: more than chance gives
                return True
    except BrokenOffError:
        return len(first) >= _TELLING
    except UndecodableError:
        return False
    return True


def _has_zlib_header(head: bytes) -> bool:
    return len(head) >= 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0


def _zlib(pieces: Pieces) -> Pieces:
    return _inflate(pieces, zlib.MAX_WBITS)


def _raw_deflate(pieces: Pieces) -> Pieces:
    return _inflate(pieces, -zlib.MAX_WBITS)


def _inflate(pieces: Pieces, wbits: int) -> Pieces:
    """The body; what follows its end is padding."""
    rest = yield from _inflate_member(pieces, wbits)
    if rest is None:
        raise BrokenOffError("the coded body breaks off")


def _gzip(pieces: Pieces) -> Pieces:
    """The body, over all members; what follows the last one is padding."""
    rest: bytes | None = b""
    while rest is not None:
        while len(rest) < len(_GZIP_MAGIC):
            piece = next(pieces, b"")
            if not piece:
                return
            rest += piece
        if not rest.startswith(_GZIP_MAGIC):
            return
        rest = yield from _inflate_member(chain([rest], pieces), zlib.MAX_WBITS | 16)
    raise BrokenOffError("the coded body breaks off")


def _inflate_member(pieces: Pieces, wbits: int) -> Generator[bytes, None, bytes | None]:
    """What a deflate stream holds; returns what follows it in the piece in which it ends, None if it does not end."""
    state = zlib.decompressobj(wbits)
    for piece in pieces:
        left = piece
        while True:
            before = state.copy()  # an error takes away what the same call decoded before it
            try:
                out = state.decompress(left, PIECE)
            except zlib.error as error:
                yield from _byte_by_byte(before, left)
                raise UndecodableError(str(error)) from error
            if out:
                yield out
            if state.eof:
                return state.unused_data
            left = state.unconsumed_tail
            if not left and len(out) < PIECE:
                break
    return None


def _byte_by_byte(state: zlib._Decompress, piece: bytes) -> Pieces:
    """What can be decoded of a piece before the error in it."""
    for at in range(len(piece)):
        try:
            out = state.decompress(piece[at : at + 1])
        except zlib.error:
            return
        if out:
            yield out


def _brotli(pieces: Pieces) -> Pieces:
    state = brotli.Decompressor()
    fed = bytearray()
    for piece in _cut(pieces, _BROTLI_FEED):
        try:
            yield from _brotli_piece(state, piece)
        except brotli.error as error:  # which takes away what the same call decoded before it
            if (yield from _brotli_again(bytes(fed), piece)):
                return
            raise UndecodableError(str(error)) from error
        if state.is_finished():
            return
        if len(fed) < _BROTLI_REPLAY:
            fed += piece
    raise BrokenOffError("the coded body breaks off")


def _brotli_piece(state: brotli.Decompressor, piece: bytes) -> Pieces:
    out = state.process(piece, output_buffer_limit=PIECE)
    while out:
        yield out
        out = b"" if state.can_accept_more_data() else state.process(b"", output_buffer_limit=PIECE)


def _brotli_again(fed: bytes, piece: bytes) -> Generator[bytes, None, bool]:
    """What can be decoded of a piece before the error in it, and whether the body was whole: padding is an error too.

    Nothing where too much came before to repeat it.
    """
    if len(fed) >= _BROTLI_REPLAY:
        return False
    state = brotli.Decompressor()
    for _ in _brotli_piece(state, fed):
        pass
    for at in range(len(piece)):
        try:
            yield from _brotli_piece(state, piece[at : at + 1])
        except brotli.error:
            return False
        if state.is_finished():
            return True
    return False


def _zstd(pieces: Pieces) -> Pieces:
    engine = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    state = engine.decompressobj()
    for feed in _cut(pieces, _ZSTD_FEED):
        if state.eof:
            if not feed.startswith(_ZSTD_MAGIC):
                return
            state = engine.decompressobj()
        try:
            out = state.decompress(feed)
        except zstandard.ZstdError as error:
            raise UndecodableError(str(error)) from error
        if out:
            yield out
    if not state.eof:
        raise BrokenOffError("the coded body breaks off")


def _cut(pieces: Iterable[bytes], size: int) -> Pieces:
    return (piece[at : at + size] for piece in pieces for at in range(0, len(piece), size))
