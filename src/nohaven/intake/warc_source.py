"""The bytes of a WARC file: where its records begin, and what lies from one on."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from nohaven.intake.warc_head import parse_head
from nohaven.intake.warc_run import HEAD_END, PIECE, VERSION, DamagedError, Run
from nohaven.records.capture import Bounds

GZIP_MAGIC = b"\x1f\x8b\x08"
_SCAN = 1024 * 1024
_TEST_BYTES = 4096  # of a member, enough to see whether it opens with a record
_LONG_TEST_BYTES = 132 * 1024  # the same where a gzip header carries an extra field, at most 64 kB
_STEP = 256  # bytes unpacked at a time at first, so that damage does not take the header before it along
_SMALL_STEPS = 4096  # bytes after which steps are large
_GZIP_RESERVED = 0xE0
_GZIP_FIELDS = 0x1E
_BOMB_PAGES = 64  # pages' worth of unpacked bytes before a member's ratio counts


class Source(Protocol):
    """A WARC file open for reading."""

    size: int

    def starts(self, offset: int) -> bool:
        """Whether a record begins at this byte."""

    def find(self, offset: int) -> int:
        """The first byte at or after `offset` at which a record begins; the size of the file if none does."""

    def past_padding(self, offset: int) -> int:
        """The first byte from `offset` on that means anything."""

    def is_cut(self, offset: int) -> bool:
        """Whether what lies here is the beginning of a record, cut by the end of the file before one can tell."""

    def run(self, offset: int, bounds: Bounds, limit: int | None = None) -> Run:
        """The run that begins at this byte, as if the file ended at `limit`."""


class PlainSource:
    """A WARC that is not compressed. Every record is a run of its own."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)

    def starts(self, offset: int) -> bool:
        return _RECORD.match(_at(self._file, offset, 256)) is not None

    def find(self, offset: int) -> int:
        return offset if self.starts(offset) else self._find_after(offset, max(offset - 2, 0))

    def past_padding(self, offset: int) -> int:
        return min(_past(self._file, offset, b"\r\n\0"), self.size)

    def is_cut(self, offset: int) -> bool:
        tail = _at(self._file, offset, 256)
        return len(tail) < 256 and tail[: len(VERSION)] == VERSION[: len(tail)]

    def run(self, offset: int, bounds: Bounds, limit: int | None = None) -> Run:  # noqa: ARG002 - never damaged
        start = _at(self._file, offset, bounds.max_header_bytes)
        head_end = HEAD_END.search(start)
        if head_end is None:
            following = self.find(offset + 1)
            short = offset + len(start) == self.size
            return Run(_PlainSupply(self._file, offset, following, short=short))
        block = offset + head_end.end()
        end = block + (parse_head(start[: head_end.end()]).length or 0)
        if not self._is_seam(end):
            following = self._find_after(block, block - 2)
            if following < self.size or end <= self.size:
                return Run(_PlainSupply(self._file, offset, following, short=False))
        return Run(_PlainSupply(self._file, offset, self.past_padding(end), short=end > self.size))

    def _is_seam(self, end: int) -> bool:
        """Whether a record can end at this byte: blank lines and another record follow, or the file is at its end."""
        if end > self.size:
            return False
        following = self.past_padding(end)
        separated = following > end and self.starts(following)
        return following == self.size or separated or _at(self._file, end, 4) == b"\r\n\r\n"

    def _find_after(self, offset: int, begin: int) -> int:
        for start, window in _windows(self._file, begin, self.size):
            for match in _SEAM_RECORD.finditer(window):
                if start + match.end() >= offset:
                    return start + match.end()
        return self.size


_RECORD = re.compile(rb"WARC/\d\.\d{1,2}\r?\n[\w-]{1,80}[ \t]*:")
_SEAM_RECORD = re.compile(rb"\n(?=WARC/\d\.\d{1,2}\r?\n[\w-]{1,80}[ \t]*:)")


class _PlainSupply:
    """The bytes of one record."""

    def __init__(self, file: BinaryIO, start: int, stop: int, *, short: bool) -> None:
        self._file = file
        self._stop = stop
        self.end = start
        self.short = short

    def next_piece(self) -> bytes:
        piece = _at(self._file, self.end, min(PIECE, self._stop - self.end))
        self.end += len(piece)
        return piece


class GzipSource:
    """A WARC of gzip members. A run is a member that opens with a record, with the members after it that do not."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)

    def starts(self, offset: int) -> bool:
        head = _at(self._file, offset, _TEST_BYTES)
        if opens_record(head):
            return True
        has_fields = head.startswith(GZIP_MAGIC) and len(head) == _TEST_BYTES and head[3] & _GZIP_FIELDS
        return bool(has_fields) and opens_record(_at(self._file, offset, _LONG_TEST_BYTES))

    def is_member(self, offset: int) -> bool:
        """Whether a gzip member begins at this byte, with a record or not."""
        head = _at(self._file, offset, _TEST_BYTES)
        return head.startswith(GZIP_MAGIC) and _peek(head) is not None

    def past_padding(self, offset: int) -> int:
        while True:
            offset, before = _past(self._file, offset, b"\r\n\0"), offset
            head = _at(self._file, offset, _TEST_BYTES)
            peek = _peek(head) if head.startswith(GZIP_MAGIC) else None
            if peek and peek[1] and not peek[0].strip():  # writers close a file with an empty member
                offset += _member_length(head)
            if offset == before:
                return offset

    def is_cut(self, offset: int) -> bool:
        tail = _at(self._file, offset, _TEST_BYTES)
        if len(tail) == _TEST_BYTES or tail[:3] != GZIP_MAGIC[: len(tail)]:
            return False
        peek = _peek(tail)
        return peek is not None and not peek[1]

    def find(self, offset: int) -> int:
        for start, window in _windows(self._file, offset, self.size):
            at = window.find(GZIP_MAGIC)
            while at >= 0:
                if self._may_start(window, at) and self.starts(start + at):
                    return start + at
                at = window.find(GZIP_MAGIC, at + 1)
        return self.size

    def run(self, offset: int, bounds: Bounds, limit: int | None = None) -> Run:
        return Run(_GzipSupply(self, self._file, offset, limit or self.size, bounds))

    @staticmethod
    def _may_start(window: bytes, at: int) -> bool:
        """A test that costs no reading: most places that look like a member are payload bytes by chance."""
        return len(window) <= at + 3 or not window[at + 3] & _GZIP_RESERVED


class _GzipSupply:
    """The unpacked bytes of a run of members, each checked against its checksum."""

    def __init__(self, source: GzipSource, file: BinaryIO, start: int, limit: int, bounds: Bounds) -> None:
        self._source = source
        self._file = file
        self._limit = limit
        self._bomb_bytes = _BOMB_PAGES * bounds.max_page_bytes
        self._max_ratio = bounds.max_decode_ratio
        self._start = start
        self._unpacked = 0
        self._tail = b""  # after the blank lines that end a record, the next member is not this run's
        self._state = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._fed = start  # up to here the file was handed to zlib
        self._input = b""
        self._last = False
        self.end = start
        self.short = False

    def next_piece(self) -> bytes:
        while not self._last:
            out = self._unpack()
            self._tail = (self._tail + out[-4:])[-4:]
            if self._state.eof:
                self._end_member()
            if out:
                self._check_ratio(len(out))
                return out
        return b""

    def _unpack(self) -> bytes:
        if not self._input:
            self._input = _at(self._file, self._fed, min(PIECE, self._limit - self._fed))
            self._fed += len(self._input)
        given = self._input
        try:
            out = self._state.decompress(given, PIECE if self._unpacked > _SMALL_STEPS else _STEP)
        except zlib.error as error:
            raise DamagedError(str(error), self._fed) from error
        self._input = self._state.unconsumed_tail
        self.end = self._fed - len(self._input)
        if not given and not out and not self._state.eof:
            self.short = self._last = True
        return out

    def _end_member(self) -> None:
        """Goes on with the next member, unless it opens with a record or is none."""
        self.end = self._fed = self._fed - len(self._state.unused_data)
        self._input = b""
        if self._tail == b"\r\n\r\n" or self.end >= self._limit or not self._goes_on():
            self._last = True
        else:
            self._state = zlib.decompressobj(zlib.MAX_WBITS | 16)

    def _goes_on(self) -> bool:
        return self._source.is_member(self.end) and not self._source.starts(self.end)

    def _check_ratio(self, count: int) -> None:
        self._unpacked += count
        if self._unpacked > self._bomb_bytes and self._unpacked > self._max_ratio * (self.end - self._start):
            raise InflatedError(f"over {self._unpacked} bytes from {self.end - self._start}", self.end)


class InflatedError(DamagedError):
    """A member unpacks to a size out of all proportion: a decompression bomb."""


def open_source(file: BinaryIO) -> Source:
    """The source for an open WARC, by its first bytes; one damaged there is what its next records are."""
    head = _at(file, 0, _SCAN)
    is_packed = head.startswith(GZIP_MAGIC[:2]) or (GZIP_MAGIC in head and not _SEAM_RECORD.search(head))
    is_plain = head.startswith(VERSION) or not is_packed
    return PlainSource(file) if is_plain else GzipSource(file)


def opens_record(member: bytes) -> bool:
    """Whether a gzip member unpacks to something that begins as a WARC record does."""
    if not member.startswith(GZIP_MAGIC):
        return False
    peek = _peek(member)
    return peek is not None and re.match(rb"WARC/\d\.", peek[0]) is not None


def _peek(member: bytes) -> tuple[bytes, bool] | None:
    """The first unpacked bytes of a gzip member and whether it ends with them; None if it is none."""
    state = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        return state.decompress(member, 16), state.eof
    except zlib.error:
        return None


def _member_length(member: bytes) -> int:
    state = zlib.decompressobj(zlib.MAX_WBITS | 16)
    state.decompress(member)
    return len(member) - len(state.unused_data)


def _past(file: BinaryIO, offset: int, padding: bytes) -> int:
    """The first byte from `offset` on that is none of these."""
    while True:
        piece = _at(file, offset, PIECE)
        rest = len(piece.lstrip(padding))
        offset += len(piece) - rest
        if rest or not piece:
            return offset


def _at(file: BinaryIO, offset: int, count: int) -> bytes:
    if count <= 0:
        return b""
    file.seek(offset)
    return file.read(count)


def _windows(file: BinaryIO, offset: int, size: int) -> Iterator[tuple[int, bytes]]:
    """Stretches of the file from `offset` on that overlap, so that no mark is cut in two."""
    overlap = 256
    while offset < size:
        window = _at(file, offset, _SCAN + overlap)
        yield offset, window
        offset += _SCAN
