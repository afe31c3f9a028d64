"""The gate: which pages are read block by block. It may let too much through, never too little by its own rules.

A page whose words, all taken together and no word held against it, could not make a finding, is not read further. It
looks for topics first: five pages in six name none that weighs enough, and are not looked at for cues.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from nohaven.detection.finder import Finder
from nohaven.detection.reserved import KIND, SEXUAL
from nohaven.detection.scales import Scales
from nohaven.detection.scanner import Fired, Scanner
from nohaven.records.rule import Rule

_BORDER = "\x00"  # between text nodes
_PLACES = 12  # beyond so many the whole text is searched at once
_WIDEST = 1000  # characters; of wider patterns too


class Gate:
    """Decides from the rules that fire anywhere on a page."""

    def __init__(self, rules: Sequence[Rule], topics: Scanner, cues: Scanner, scales: Scales) -> None:
        self._rules = rules
        self._topics = topics
        self._cues = cues
        self._scales = scales
        self._finders: dict[int, Finder] = {}

    def passes(self, folded: npt.NDArray[np.uint32], head: str, undone: Callable[[], str], plain: bool) -> bool:
        """Whether a page of these folded code points (0 between text nodes) may hold a finding or a reserved cue.

        The text is scanned with a space for each border, since most borders end a word, and without, since a word may
        be cut by mark-up (g<b>u</b>n). A short page passes with any rule of a category, there the model decides; of it
        the text with its disguises `undone` is scanned too. A short `plain` text, without mark-up, is a message:
        the model reads it whatever it names.
        """
        short = len(folded) <= self._scales.short_page
        text = folded.tobytes().decode("utf-32-le", "replace")
        spaced = f"{head.lower()}\n{text.replace(_BORDER, ' ')}"
        closed = text.replace(_BORDER, "") if _BORDER in text else None
        return (short and plain) or self._may_find(spaced, closed, short) or (short and self._names_trade(undone()))

    def _names_trade(self, text: str) -> bool:
        """Whether a rule of a category stands in a text."""
        return any(
            self._of_trade(number) and self._stands(number, ends, text)
            for fired in (self._topics.fired(text), self._cues.fired(text))
            for number, ends in fired.places().items()
        )

    def _of_trade(self, number: int) -> bool:
        """Whether a rule is of a category."""
        rule = self._rules[number]
        return rule.category is not None and (rule.is_topic or rule.kind == "offer_cue")

    def _may_find(self, spaced: str, closed: str | None, short: bool) -> bool:
        """Whether the rules that stand in a text, with spaces for borders and without, may add up to a finding."""
        topics = self._topics.fired(spaced)
        closed_topics = self._topics.fired(closed) if closed is not None else None
        if not self._worth_cues(topics.rules | (closed_topics.rules if closed_topics is not None else set()), short):
            return False
        cues = self._cues.fired(spaced)
        may = topics.rules | cues.rules
        sure = self._confirmed(topics, cues, spaced, short) if self._enough(may, short) else None
        if sure is not None and self._enough(sure, short):
            return True
        if closed is None or closed_topics is None:
            return False
        closed_cues = self._cues.fired(closed)
        if not self._enough(may | closed_topics.rules | closed_cues.rules, short):
            return False
        sure = self._confirmed(topics, cues, spaced, short) if sure is None else sure
        return self._enough(sure | self._confirmed(closed_topics, closed_cues, closed, short), short)

    def _worth_cues(self, topics: Iterable[int], short: bool) -> bool:
        """Whether topics that fired could do, if there were any cues that one could wish for."""
        if short:
            return True
        weights: Counter[str] = Counter()
        for number in topics:
            rule = self._rules[number]
            if rule.category in SEXUAL:
                return True
            weights[rule.category or ""] += rule.weight  # type: ignore[assignment]
        return max(weights.values(), default=0.0) >= self._scales.rich_topic

    def _confirmed(self, topics: Fired, cues: Fired, text: str, short: bool) -> set[int]:
        """Of the rules that may stand in a text those that do."""
        sure = {n for n, ends in topics.places().items() if self._stands(n, ends, text)}
        if not self._enough(sure | cues.rules, short):  # most pages end here, before their many cues are tried
            return sure
        return sure | {n for n, ends in cues.places().items() if self._stands(n, ends, text)}

    def _stands(self, number: int, ends: Sequence[int], text: str) -> bool:
        """Whether a rule stands near one of the places where a literal of it ends."""
        finder = self._finders.get(number) or self._finders.setdefault(number, Finder(self._rules[number]))
        reach = finder.width
        if len(ends) > _PLACES or reach > _WIDEST:
            return any(True for _ in finder.places(text, 0, len(text)))
        near = ((max(0, end - reach), min(len(text), end + reach)) for end in ends)
        return any(True for start, stop in near for _ in finder.places(text, start, stop))

    def _enough(self, fired: Iterable[int], short: bool) -> bool:
        """Whether the rules that fired could add up to a finding of some category."""
        rules = [self._rules[i] for i in fired]
        if any(r.kind == KIND for r in rules) and any(r.is_topic and r.category in SEXUAL for r in rules):
            return True
        if short and any(r.category and (r.is_topic or r.kind == "offer_cue") for r in rules):
            return True
        topics: Counter[str] = Counter()
        terms: Counter[str] = Counter()
        heavy: dict[str, float] = defaultdict(float)
        for rule in rules:
            if rule.is_topic and rule.category:
                topics[rule.category] += rule.weight  # type: ignore[assignment]
                terms[rule.category] += 1
                heavy[rule.category] = max(heavy[rule.category], rule.weight)
        if not topics or max(topics.values()) < self._scales.rich_topic:
            return False
        groups = {r.group for r in rules if r.kind == "offer_cue" and r.group}
        trades = {r.category for r in rules if r.kind == "offer_cue" and r.category}
        sure = {r.category for r in rules if r.is_topic and not r.ambiguous}
        clandestine = any(_clandestine(r, self._scales) for r in rules)
        return any(
            (
                category in sure
                or clandestine
                or terms[category] >= self._scales.dense_terms
                or heavy[category] >= self._scales.heavy_term
            )
            and self._cues_suffice(weight, len(groups) + (category in trades), clandestine)
            for category, weight in topics.items()
        )

    def _cues_suffice(self, topic: float, groups: int, clandestine: bool) -> bool:
        """Whether a topic of that weight needs no more groups of cues than there are."""
        scales = self._scales
        if topic < scales.least_topic:
            return clandestine and topic >= scales.rich_topic and groups >= scales.rich_groups
        return groups >= (1 if topic >= scales.dense_topic else scales.least_groups)


def _clandestine(rule: Rule, scales: Scales) -> bool:
    """Whether a cue is one that lawful traders do not write."""
    return rule.kind == "offer_cue" and not rule.ambiguous and rule.weight >= scales.clandestine


def is_needed(rule: Rule) -> bool:
    """Whether a rule other than a topic can help to open the gate."""
    return rule.kind in ("offer_cue", KIND)
