"""The careful way through a WARC: run by run, at the pace of Python, past every kind of damage."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from nohaven.intake.body import Refusal
from nohaven.intake.door import Mark, Skip
from nohaven.intake.warc_head import WarcHead, parse_head
from nohaven.intake.warc_page import Content, Place, content, place_content, target
from nohaven.intake.warc_run import Block, DamagedError, Run
from nohaven.intake.warc_source import InflatedError, Source
from nohaven.records.capture import Bounds, Capture, LeftOut

Rows = Generator[Capture | LeftOut, None, int]
"""Rows, and in the end the byte of the file at which to go on."""


@dataclass(frozen=True, slots=True)
class CarefulWay:
    """Reads any run and any gap of one source."""

    source: Source
    input: str
    bounds: Bounds
    mark: Mark
    skip: Skip

    def run(self, offset: int, limit: int | None = None) -> Rows:
        """The records of the run at `offset`.

        The first record of a run has the run's offset. One gzip member can hold several; as a file has no bytes
        of its own for these, they are numbered on from it, which no other record can collide with.
        """
        run = self.source.run(offset, self.bounds, limit)
        at = offset
        url: list[str] = []  # of the record being read, for the account of damage
        try:
            while True:
                self.mark(at)
                yield from self._record(run, offset, at, url)
                if run.at_end():
                    return run.end
                at += 1
        except InflatedError as bomb:
            yield self._lost(at, "decompression_bomb", next(iter(url), None), str(bomb))
            return self.source.find(bomb.reached)
        except DamagedError as damage:
            return (yield from self._damaged(offset, at, limit, damage, next(iter(url), None)))

    def gap(self, offset: int) -> Rows:
        """What lies between the end of a run and the next record: nothing, as a rule."""
        offset = self.source.past_padding(offset)
        if offset >= self.source.size or self.source.starts(offset):
            return offset
        self.mark(offset)
        following = self.source.find(offset)
        cut = following == self.source.size and self.source.is_cut(offset)
        yield LeftOut(self.input, offset, "truncated" if cut else "corrupt_record", None, _passed(following - offset))
        return following

    def _damaged(self, offset: int, at: int, limit: int | None, damage: DamagedError, url: str | None) -> Rows:
        """A damaged run. One that a new record cuts short, as after a crash of the crawler, is read up to there."""
        following = self.source.find(offset + 1)
        if limit is None and at == offset and following < damage.reached:
            return (yield from self.run(offset, following))
        end = following if limit is None else limit
        detail = f"{damage}; {_passed(end - offset)}"
        yield self._lost(at, "corrupt_record", url, detail)
        return end

    def _lost(self, at: int, reason: str, url: str | None, detail: str) -> LeftOut:
        """A record that could not be read; why it was not to be parsed counts for more."""
        return LeftOut(self.input, at, self.skip.get(at, reason), url, None if at in self.skip else detail)

    def _record(self, run: Run, offset: int, at: int, url: list[str]) -> Iterator[Capture | LeftOut]:
        url.clear()
        raw = run.head(self.bounds.max_header_bytes)
        if raw is None:
            passed = sum(map(len, run.to_next_record()))
            reason = "truncated" if run.short and run.at_end() else "corrupt_record"
            yield self._lost(at, reason, None, _passed(passed))
            return
        head = parse_head(raw)
        url.extend([target(head)] if target(head) else [])
        block = Block(run, head.length)
        found = self._content(head, block, self.skip.get(at))
        alone = at == offset and run.at_end()
        place = Place(self.input, at, self.source.past_padding(run.end) - offset if alone else 0)
        row = place_content(found, head, place, block.early or (run.short and head.length is None))
        if isinstance(row, Capture) or not run.short or at in self.skip:
            yield row
        if run.short and at not in self.skip:
            yield LeftOut(self.input, at, "truncated", next(iter(url), None), "the file ends inside this record")

    def _content(self, head: WarcHead, block: Block, skipped: str | None) -> Content | Refusal:
        """What the block holds; reads it to its end, so that damage anywhere in it is known before its row is."""
        pieces = iter(block)
        if skipped is None:
            found = content(head, _first(pieces, self.bounds.max_header_bytes), pieces, self.bounds)
        else:
            found = Refusal(skipped)
        for _ in pieces:
            pass
        return found


def _first(pieces: Iterator[bytes], more_than: int) -> bytes:
    """The start of a block: more bytes than an HTTP head may have, or all there are."""
    first = bytearray()
    for piece in pieces:
        first += piece
        if len(first) > more_than:
            break
    return bytes(first)


def _passed(count: int) -> str:
    return f"{count} bytes passed over"
