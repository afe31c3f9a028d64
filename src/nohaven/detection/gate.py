"""The gate: which pages are read block by block. It may let too much through, never too little by its own rules.

A page whose words, all taken together and no word held against it, could not make a finding, is not read further.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from nohaven.detection.reserved import KIND, SEXUAL
from nohaven.detection.scales import Scales
from nohaven.detection.scanner import Scanner
from nohaven.records.rule import Rule


class Gate:
    """Decides from the rules that fire anywhere on a page."""

    def __init__(self, rules: Sequence[Rule], scanner: Scanner, scales: Scales) -> None:
        self._rules = rules
        self._scanner = scanner
        self._scales = scales

    def passes(self, folded: npt.NDArray[np.uint32], head: str) -> bool:
        """Whether a page of these folded code points (0 between text nodes) may hold a finding or a reserved cue.

        The text is scanned with a space for each border, since most borders end a word, and without, since a word may
        be cut by mark-up (g<b>u</b>n).
        """
        spaced = np.where(folded == 0, np.uint32(32), folded)
        fired = self._scanner.fired(f"{head.lower()}\n{_text(spaced)}")
        if self._enough(fired):
            return True
        closed = folded[folded != 0]
        return len(closed) < len(folded) and self._enough(fired | self._scanner.fired(_text(closed)))

    def _enough(self, fired: Iterable[int]) -> bool:
        """Whether the rules that fired could add up to a finding of some category."""
        rules = [self._rules[i] for i in fired]
        if any(r.kind == KIND for r in rules) and any(r.is_topic and r.category in SEXUAL for r in rules):
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


def _text(codes: npt.NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "replace")
