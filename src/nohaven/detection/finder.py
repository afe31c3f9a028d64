"""Where one rule stands in a view: exact places, word boundaries and exceptions respected."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nohaven.detection.anchors import width_of
from nohaven.records.rule import Rule


class Finder:
    """Finds one rule. The pattern has no boundary at its start, so that `re` can look for its first letters fast."""

    __slots__ = ("_bounded", "_find", "rule", "width")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._find = re.compile(rule.expression, re.ASCII | re.MULTILINE)  # a block begins after the end of a line
        self._bounded = rule.bounded
        self.width = width_of(rule.expression)  # the most characters that a match may have

    def places(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Spans of the rule in text[start:end], apart, in order."""
        for match in self._find.finditer(text, start, end):
            span = match.span()
            if span[0] < span[1] and self._at_words(text, span) and not self._excepted(text, span):
                yield span

    def _at_words(self, text: str, span: tuple[int, int]) -> bool:
        """Whether words begin and end where the rule wants them to."""
        first, last = self._bounded
        if first and span[0] and _word(text[span[0] - 1]):
            return False
        return not (last and span[1] < len(text) and _word(text[span[1]]))

    def _excepted(self, text: str, span: tuple[int, int]) -> bool:
        """Whether the span lies within one of the rule's innocent longer words."""
        for longer in self.rule.unless:
            at = text.find(longer, max(0, span[1] - len(longer)), span[0] + len(longer))
            while at >= 0:
                if at <= span[0] and span[1] <= at + len(longer):
                    return True
                at = text.find(longer, at + 1, span[0] + len(longer))
        return False


def _word(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")
