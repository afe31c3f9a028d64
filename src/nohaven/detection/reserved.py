"""The reserved category: sexual vocabulary with an age cue in one block. Such a page is not scored, kept or shown.

The cues are an age under 18 beside an age unit and the plain words that the taxonomy lists; there is no list of coded
terms. A plain disclaimer ("no minors") is no cue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nohaven.detection.matching import Match
from nohaven.records.rule import Rule
from nohaven.records.taxonomy import Taxonomy

SEXUAL = frozenset({"sexual_services", "pornography"})
KIND = "age_cue"
_REFUSED_BEFORE = ("no ", "not ", "without ", "禁止", "谢绝", "拒绝", "严禁", "非")
_REFUSED_AFTER = (" not allowed", " prohibited", " forbidden", "禁止", "勿入", "不得", "请勿", "请离开", "禁入")


def age_rules(taxonomy: Taxonomy) -> tuple[Rule, ...]:
    """The age cues as rules, so that the one pass finds them too. They carry no weight: they are never scored."""
    units = "|".join(sorted({re.escape(_folded(u)) for u in taxonomy.age_units}))
    ages = _rule(
        "reserved.any.age", None, rf"(?:^|[^0-9.,])(?:[1-9]|1[0-7])[ -]?(?:{units})(?:[^a-z]|$)", (), "17 yo", "18 yo"
    )
    words = [
        _rule(f"reserved.any.word_{n}", word, None, _refusals(word), f"{word} ", "adults only")
        for n, word in enumerate(sorted({_folded(w) for w in taxonomy.plain_words}))
    ]
    return (ages, *words)


def is_reserved(matches: Iterable[Match]) -> bool:
    """Whether the matches of one block hold both an age cue and sexual vocabulary: one sure word or two doubtful."""
    cue = False
    sure = False
    doubtful: set[str] = set()
    for match in matches:
        rule = match.rule
        cue = cue or rule.kind == KIND
        if rule.is_topic and rule.category in SEXUAL:
            sure = sure or not rule.ambiguous
            doubtful.add(rule.id)
    return cue and (sure or len(doubtful) > 1)


def _folded(word: str) -> str:
    """A word of the taxonomy in view spelling (its traditional forms are doubles of the simplified ones)."""
    return word.lower().replace("歲", "岁")


def _refusals(word: str) -> tuple[str, ...]:
    """The word as disclaimers write it."""
    return (*(before + word for before in _REFUSED_BEFORE), *(word + after for after in _REFUSED_AFTER))


def _rule(name: str, term: str | None, pattern: str | None, unless: tuple[str, ...], hit: str, miss: str) -> Rule:
    return Rule(name, KIND, "any", 0.0, ("taxonomy",), hit, miss, None, None, term, pattern, unless=unless)
