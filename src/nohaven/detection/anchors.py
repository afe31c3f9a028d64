"""Literals of which one must stand wherever a pattern matches: what the one pass looks for in a pattern's place.

A pattern such as `(?:sell|buy) .{0,20}glock` can match only where "glock" stands. Literals are found for little;
the pattern itself is tried only where one of its anchors is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# The parser of `re` is not public, but no other tells how `re` itself will read a pattern; a test compares both ways.
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]

MOST_SPELLINGS = 64  # of one stretch of a pattern that are written out
_LONG = 8  # letters beyond which an anchor gets no rarer; a Han character counts as two
_REPEATS = frozenset({op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT})

Spellings = frozenset[str]
_EMPTY: Spellings = frozenset({""})


def anchors_of(expression: str) -> Spellings:
    """The best anchors of an expression; empty where it has none."""
    return _shortest(_best(_candidates(parser.parse(expression, re.ASCII))))


def width_of(expression: str) -> int:
    """The most characters that an expression can match."""
    return int(parser.parse(expression, re.ASCII).getwidth()[1])


def _shortest(anchors: Spellings) -> Spellings:
    """The anchors without those that hold another."""
    kept: list[str] = []
    for anchor in sorted((a.strip() or a for a in anchors), key=lambda a: (len(a), a)):
        if not any(k in anchor for k in kept):
            kept.append(anchor)
    return frozenset(kept)


@dataclass(slots=True)
class _Stretch:
    """The stretch of literals that is being read, and the sets of anchors found before it."""

    spellings: Spellings = _EMPTY
    found: list[Spellings] = field(default_factory=list)

    def add(self, more: Spellings | None) -> None:
        """Go on by any of these spellings; None ends the stretch."""
        if more is not None and len(self.spellings) * len(more) <= MOST_SPELLINGS:
            self.spellings = frozenset(a + b for a in self.spellings for b in more)
            return
        self.end()
        if more is not None:
            self.spellings = more

    def end(self) -> None:
        """Keep the stretch as a set of anchors, where every spelling has a letter."""
        if "" not in self.spellings:
            self.found.append(self.spellings)
        self.spellings = _EMPTY


def _candidates(sequence: Iterable[tuple[object, object]]) -> list[Spellings]:
    """Sets of anchors of a sequence, each of which alone would do."""
    stretch = _Stretch()
    for kind, value in sequence:
        if kind is op.AT:
            continue
        exact = _exact(kind, value)
        stretch.add(exact)
        if exact is None:
            stretch.found += _inner(kind, value)
    stretch.end()
    return stretch.found


def _inner(kind: object, value: object) -> list[Spellings]:
    """Sets of anchors inside a part that cannot be written out."""
    if kind is op.SUBPATTERN:
        return _candidates(value[3])  # type: ignore[index]
    if kind in _REPEATS and value[0] > 0:  # type: ignore[index]
        return _candidates(value[2])  # type: ignore[index]
    if kind is op.BRANCH:
        each = [_best(_candidates(way)) for way in value[1]]  # type: ignore[index]
        return [frozenset().union(*each)] if all(each) else []
    return []


def _exact(kind: object, value: object) -> Spellings | None:
    """All spellings of a part, where they are few; None otherwise."""
    if kind is op.LITERAL:
        return frozenset({chr(value)})  # type: ignore[arg-type]
    if kind is op.IN:
        return _class(value)  # type: ignore[arg-type]
    if kind is op.SUBPATTERN:
        return _exact_sequence(value[3])  # type: ignore[index]
    if kind is op.BRANCH:
        ways = [_exact_sequence(way) for way in value[1]]  # type: ignore[index]
        return None if None in ways else _few(s for way in ways for s in way or ())
    if kind in _REPEATS and value[1] == 1:  # type: ignore[index]
        inner = _exact_sequence(value[2])  # type: ignore[index]
        return None if inner is None else inner | (_EMPTY if value[0] == 0 else frozenset())  # type: ignore[index]
    return None


def _exact_sequence(sequence: Iterable[tuple[object, object]]) -> Spellings | None:
    """All spellings of a sequence, where they are few."""
    spellings: Spellings = _EMPTY
    for kind, value in sequence:
        if kind is op.AT:
            continue
        more = _exact(kind, value)
        if more is None or len(spellings) * len(more) > MOST_SPELLINGS:
            return None
        spellings = frozenset(a + b for a in spellings for b in more)
    return spellings


def _class(items: Sequence[tuple[object, object]]) -> Spellings | None:
    """The characters of a class of single letters; None for negated ones, ranges and categories."""
    if any(kind is not op.LITERAL for kind, _ in items):
        return None
    return frozenset(chr(int(str(value))) for _, value in items)


def _few(spellings: Iterable[str]) -> Spellings | None:
    """Them, where they are few."""
    found = frozenset(spellings)
    return found if len(found) <= MOST_SPELLINGS else None


def _best(candidates: Sequence[Spellings]) -> Spellings:
    """The set whose commonest member is rarest: whose shortest is longest, of equals the smaller."""
    return max(candidates, key=lambda c: (min(map(_rarity, c)), -len(c)), default=frozenset())


def _rarity(literal: str) -> int:
    """Letters of a literal, up to a bound; a Han character counts as two, a space or sign as none."""
    return min(sum(0 if c == " " else 1 if c.isascii() else 2 for c in literal), _LONG)
