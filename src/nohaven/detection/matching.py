"""From views to matches: which rule stands where, in the page's own characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nohaven.detection.finder import Finder
from nohaven.detection.rulebook import Rulebook
from nohaven.detection.scanner import Scanner
from nohaven.records.page import Block
from nohaven.records.rule import Rule
from nohaven.records.view import SideView, View, Views

_PLACES = 5  # places of one rule in one block that are kept; more add nothing to a score
_LINE_END = re.compile("\n")
_LEET_LETTERS = 4  # shorter words are too often model names


@dataclass(frozen=True, slots=True)
class Match:
    """A rule at a place: characters [start, end) of the joined blocks."""

    rule: Rule
    block: int
    start: int
    end: int
    disguise: str | None = None


class Matcher:
    """Finds all rules of a rulebook in the views of a page."""

    def __init__(self, rulebook: Rulebook, *scanners: Scanner, silent: frozenset[int] = frozenset()) -> None:
        self._rules = rulebook.rules
        self._rulebook = rulebook
        self._scanners = scanners
        self._silent = silent  # rules that find nothing
        self._finders: dict[int, Finder] = {}

    def without(self, silent: Iterable[int]) -> Matcher:
        """The same with rules, named by number, that find nothing."""
        return Matcher(self._rulebook, *self._scanners, silent=frozenset(silent))

    def matches(self, views: Views, blocks: Sequence[Block]) -> dict[int, list[Match]]:
        """Matches by block number, sorted by place."""
        starts = [b.start for b in blocks]
        found: dict[int, set[tuple[int, int, int, str | None]]] = defaultdict(set)
        for number, start, end, disguise in self._all(views):
            block = bisect_right(starts, start) - 1
            found[block].add((start, end, number, disguise))
        return {
            block: [Match(self._rules[n], block, s, e, d) for s, e, n, d in sorted(places, key=_order)]
            for block, places in found.items()
        }

    def _all(self, views: Views) -> Iterator[tuple[int, int, int, str | None]]:
        """(rule, start, end, disguise) in original characters."""
        base = views.base
        for number, span in self._places(base.text):
            yield number, *base.origin(*span), None
        for side in views.sides:
            for number, span in self._places(side.text):
                if self._counts(self._rules[number], side, span):
                    place = _through(side, base, span)
                    if place is not None:
                        yield number, *place, side.disguise

    def _places(self, text: str) -> Iterator[tuple[int, tuple[int, int]]]:
        """(rule, span) in a view's text, whose lines are its blocks or stretches."""
        borders = [-1, *(m.start() for m in _LINE_END.finditer(text)), len(text)]
        for line, number in sorted(pair for scanner in self._scanners for pair in scanner.fired_by_line(text)):
            if number in self._silent:
                continue
            finder = self._finders.get(number) or self._finders.setdefault(number, Finder(self._rules[number]))
            for nth, span in enumerate(finder.places(text, borders[line] + 1, borders[line + 1])):
                if nth == _PLACES:
                    break
                yield number, span

    def _counts(self, rule: Rule, side: SideView, span: tuple[int, int]) -> bool:
        """Whether a rule may be met in a side view: in leet only longer words that speak for an offer."""
        return side.disguise != "leet" or (rule.weight > 0 and span[1] - span[0] >= _LEET_LETTERS)


def _through(side: SideView, base: View, span: tuple[int, int]) -> tuple[int, int] | None:
    """A place of a side view in the original; None where it touches no disguise."""
    place = side.origin(*span)
    return None if place is None or place[0] >= place[1] else base.origin(*place)


def _order(place: tuple[int, int, int, str | None]) -> tuple[int, int, int, str]:
    start, end, number, disguise = place
    return start, end, number, disguise or ""
