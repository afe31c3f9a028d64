"""The detector: all parts of detection, put together once and asked page by page.

A learned model takes its place beside `judge` here: it adds reasons to the same list (see docs/detection.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nohaven.detection.evidence import PageMatches
from nohaven.detection.fitted import Fitted, Sign, signs
from nohaven.detection.fitting import NO_EVIDENCE, evidence
from nohaven.detection.gate import Gate, is_needed
from nohaven.detection.judging import judge, mention_of, reasons_of
from nohaven.detection.matching import Match, Matcher
from nohaven.detection.reserved import age_rules, is_reserved
from nohaven.detection.rulebook import Rulebook, load_rulebook, words_of
from nohaven.detection.scales import Scales, load_scales
from nohaven.detection.scanner import keep_compiled, make_scanner
from nohaven.records.offer import Verdict
from nohaven.records.page import Contents, Page
from nohaven.records.rule import Rule
from nohaven.records.taxonomy import Taxonomy


class Detector:
    """Finds offers. Holds the compiled rules (about 60 MB), so one is made a process."""

    def __init__(
        self, rulebook: Rulebook, scales: Scales, taxonomy: Taxonomy, cache: Path | None, fitted: Fitted | None
    ) -> None:
        rules = _all_rules(rulebook, taxonomy)
        topics, cues, others = (make_scanner(part, cache) for part in _parts(rules))
        self.rulebook = Rulebook(rules, rulebook.sha256)
        self.scales = scales
        self._fitted = fitted
        self._gate = Gate(rules, topics, cues, scales)
        self._matcher = Matcher(self.rulebook, topics, cues, others)

    def with_model(self, fitted: Fitted | None) -> Detector:
        """The same rules with another model."""
        other = copy(self)
        other._fitted = fitted
        return other

    def passes(self, folded: npt.NDArray[np.uint32], head: str, undone: Callable[[], str], plain: bool) -> bool:
        """Whether the page is worth reading block by block; see Gate."""
        return self._gate.passes(folded, head, undone, plain)

    def without_rules_of(self, sources: Collection[str]) -> Detector:
        """The same without the rules that have no other source than these."""
        other = copy(self)
        rules = enumerate(self.rulebook.rules)
        other._matcher = self._matcher.without(
            n for n, rule in rules if rule.source and set(rule.source) <= set(sources)
        )
        return other

    def words(self) -> frozenset[str]:
        """The words that the rules know."""
        return words_of(self.rulebook.rules)

    def signs(self, page: Page, contents: Contents, shown: str) -> list[Sign]:
        """What the model is fitted on: the signs of the block that shows most, with its neighbours on a short page."""
        found = PageMatches(
            contents.blocks, self._matcher.matches(contents.views, contents.blocks), shown, contents.views.plain
        )
        seen = [evidence(page, found, block.number, self.scales) for block in contents.blocks]
        richest = max(seen, key=lambda e: len({m.rule.id for m in e.matches}), default=NO_EVIDENCE)
        return signs(richest.matches, found.phrases(richest.blocks))

    def verdict(self, page: Page, contents: Contents, shown: str) -> Verdict:
        """What the blocks of a page say. `shown`: the joined blocks, masked, from which quotes are cut."""
        matches = self._matcher.matches(contents.views, contents.blocks)
        if any(is_reserved(m) for m in matches.values()):
            return Verdict(True, True, (), "unknown", None)
        return self._judged(page, contents, matches, shown)

    def _judged(self, page: Page, contents: Contents, matches: Mapping[int, Sequence[Match]], shown: str) -> Verdict:
        """The verdict on a page that may be spoken of."""
        found = PageMatches(contents.blocks, matches, shown, contents.views.plain)
        findings, best = judge(page, contents.structure, found, self.scales, self._fitted)
        if best is None:
            return Verdict(True, False, tuple(findings), "unknown", findings[0].score if findings else None)
        score = round(self.scales.calibrated(best.log_odds), 4)
        weighed = () if findings else reasons_of(best, shown)
        return Verdict(True, False, tuple(findings), mention_of(best) if not findings else "unknown", score, weighed)


def _all_rules(rulebook: Rulebook, taxonomy: Taxonomy) -> tuple[Rule, ...]:
    """The rules of the rulebook and those that the taxonomy makes."""
    return (*rulebook.rules, *age_rules(taxonomy))


def _parts(rules: Sequence[Rule]) -> tuple[dict[int, Rule], dict[int, Rule], dict[int, Rule]]:
    """Topics, the cues that a finding needs, and all others, which the gate has no use for; each by its number."""
    parts: tuple[dict[int, Rule], dict[int, Rule], dict[int, Rule]] = ({}, {}, {})
    for number, rule in enumerate(rules):
        parts[0 if rule.is_topic else 1 if is_needed(rule) else 2][number] = rule
    return parts


def keep_detector(taxonomy: Taxonomy, cache: Path) -> None:
    """Compile the packaged rules into the cache where it lacks them."""
    for part in _parts(_all_rules(load_rulebook(cache=cache), taxonomy)):
        keep_compiled(part, cache)


def load_detector(taxonomy: Taxonomy, cache: Path | None = None, fitted: Fitted | None = None) -> Detector:
    """The detector of the packaged rules, with a model or without.

    `cache`: folder where compiled rules are kept from run to run.
    """
    return Detector(load_rulebook(cache=cache), load_scales(), taxonomy, cache, fitted)
