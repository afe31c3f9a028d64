"""Holds the detector against labelled rows, by source, language, category and kind of mention."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from nohaven.pipeline.answer import answer
from nohaven.pipeline.chain import Chain
from nohaven.pipeline.rates import Judged, Rates, rates_of
from nohaven.pipeline.timelimit import PageTimeout, time_limit
from nohaven.records.capture import Capture
from nohaven.records.labelled import LabelledRow
from nohaven.records.lists import NO_STANCE
from nohaven.records.offer import Verdict

_ROW_SECONDS = 20.0
UNSAID = "unsaid"  # the group of rows of which nobody said what the group asks


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Rates of all rows, and of each group of them."""

    all: Rates
    by_source: Mapping[str, Rates]
    by_language: Mapping[str, Rates]
    by_category: Mapping[str, Rates]  # of offers, by the first of their categories
    by_kind: Mapping[str, Rates]  # of mentions
    accused: tuple[str, ...]  # ids of the mentions that were flagged
    too_long: int  # rows that took over the time of a page; they count as not flagged


def evaluate(rows: Iterable[LabelledRow], chain: Chain) -> Evaluation:
    """Judge all rows and add up."""
    judged: list[tuple[LabelledRow, Judged]] = []
    too_long = 0
    for row in rows:
        one = _judged(row, chain)
        too_long += one is None
        judged.append((row, one or Judged(row.is_offer, False, False, 0.0)))
    return Evaluation(
        all=rates_of([j for _, j in judged]),
        by_source=_grouped(judged, lambda r: r.source),
        by_language=_grouped(judged, lambda r: r.language or UNSAID),
        by_category=_grouped((p for p in judged if p[0].is_offer), lambda r: min(r.categories, default=UNSAID)),
        by_kind=_grouped((p for p in judged if not p[0].is_offer), lambda r: r.kind or UNSAID),
        accused=tuple(r.id for r, j in judged if j.flagged and not r.is_offer),
        too_long=too_long,
    )


def _judged(row: LabelledRow, chain: Chain) -> Judged | None:
    """What the detector says of a row, taken for a page of plain text; None where that takes too long."""
    payload = row.text.encode("utf-8", "replace")
    digest = hashlib.sha256(payload).hexdigest()
    capture = Capture("urn:nohaven:row", payload, digest, "text/plain", row.source, 0, len(payload))
    try:
        with time_limit(_ROW_SECONDS):
            outcome = chain.outcome(capture)
    except PageTimeout:
        return None
    said = answer(row.id, outcome)
    flagged = said["stance"] != NO_STANCE and said["category"] is not None
    right = flagged and (not row.categories or said["category"] in row.categories)
    return Judged(row.is_offer, flagged, right, _score(outcome.verdict))


def _score(verdict: Verdict) -> float:
    """Of the best block that was weighed."""
    return max((finding.score for finding in verdict.findings), default=verdict.best_score or 0.0)


def _grouped(judged: Iterable[tuple[LabelledRow, Judged]], name: Callable[[LabelledRow], str]) -> Mapping[str, Rates]:
    """Rates of each group, by the groups' names in order."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for row, one in judged:
        groups[name(row)].append(one)
    return {group: rates_of(groups[group]) for group in sorted(groups)}
