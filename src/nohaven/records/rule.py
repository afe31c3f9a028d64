"""Rules: what detection knows, as data with an id, a weight, a source, a text it hits and one it must not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nohaven.records.lists import TOPIC_KINDS

_PLURAL = r"(?:es|s)?"


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `rules/`. Texts are in the spelling of the base view (lower case, simplified, NFKC)."""

    id: str
    kind: str  # one of records.lists.RULE_KINDS
    language: str  # zh, en, any
    weight: float  # log-odds that it adds for "this block is an illicit offer", -3..3
    source: tuple[str, ...]
    hit: str
    miss: str
    category: str | None  # of a category's rule
    group: str | None  # of a cue
    term: str | None
    pattern: str | None
    ambiguous: bool = False
    jurisdiction: bool = False
    tags: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()

    @property
    def is_topic(self) -> bool:
        """Whether it names a good or service of a category."""
        return self.kind in TOPIC_KINDS

    @property
    def expression(self) -> str:
        """The regular expression of the rule without the word boundaries at its ends."""
        if self.pattern is not None:
            return self.pattern
        assert self.term is not None, "a rule has a term or a pattern"
        body = "".join(r"[ \-]" if c == " " else re.escape(c) for c in self.term)
        return body + _PLURAL if self.takes_plural else body

    @property
    def takes_plural(self) -> bool:
        """English goods and services are also met with -s or -es."""
        return self.term is not None and self.language == "en" and self.is_topic and _is_word(self.term[-1])

    @property
    def bounded(self) -> tuple[bool, bool]:
        """Whether a word must begin where the rule's match does, and end where it does."""
        if self.term is None:
            return False, False
        return _is_word(self.term[0]), _is_word(self.term[-1])


def _is_word(character: str) -> bool:
    """ASCII letters, digits and underscore: what \\b stands between. Han characters are no words in this sense."""
    return character.isascii() and (character.isalnum() or character == "_")
