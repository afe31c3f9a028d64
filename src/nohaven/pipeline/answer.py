"""The answer of `inspect` about one page, as outside tools read it (records: machine-readable answers)."""

from __future__ import annotations

from typing import TypedDict

from nohaven.pipeline.chain import Outcome
from nohaven.pipeline.rows import reason_rows
from nohaven.pipeline.victims import mask_victims
from nohaven.records.lists import NO_STANCE
from nohaven.records.offer import Finding
from nohaven.values.masking import mask_markup

# The page's stance is that of its best row, an offer before all.
_ORDER = ("offer", "recruit", "vouch", "demand")


class OfferAnswer(TypedDict):
    """One finding of band `offer`."""

    category: str
    stance: str
    score: float
    quote: str
    reasons: list[dict[str, object]]


class Answer(TypedDict, total=False):
    """What is said of a page. `reserved` is there only when it is true."""

    id: str
    language: str | None
    stance: str
    category: str | None
    score: float | None
    band: str | None
    offers: list[OfferAnswer]
    sightings: list[dict[str, object]]
    reserved: bool


def answer(page: str, outcome: Outcome) -> Answer:
    """The answer for a page with that id."""
    if outcome.verdict.reserved:
        return reserved_answer(page)
    offers = [f for f in outcome.verdict.findings if f.band == "offer"]
    best = min(offers, key=lambda f: (_ORDER.index(f.stance), -f.log_odds), default=None)
    doubtful = best is None and bool(outcome.verdict.findings)
    return {
        "id": page,
        "language": outcome.page.language,
        "stance": best.stance if best else NO_STANCE,
        "category": best.category if best else None,
        "score": best.score if best else None,
        "band": "offer" if best else "doubtful" if doubtful else None,
        "offers": [_offer(f, outcome) for f in offers],
        "sightings": [],
    }


def reserved_answer(page: str) -> Answer:
    """The answer about a reserved page: nothing of it."""
    return empty_answer(page) | {"reserved": True}


def empty_answer(page: str) -> Answer:
    """The answer about a row that could not be read."""
    return {
        "id": page,
        "language": None,
        "stance": NO_STANCE,
        "category": None,
        "score": None,
        "band": None,
        "offers": [],
        "sightings": [],
    }


def _offer(finding: Finding, outcome: Outcome) -> OfferAnswer:
    quote = outcome.shown[finding.start : finding.end]
    personal = finding.category == "personal_data"
    return {
        "category": finding.category,
        "stance": finding.stance,
        "score": finding.score,
        "quote": mask_victims(quote) if personal else quote,
        "reasons": reason_rows(finding.reasons, finding.category),
    }


def account(outcome: Outcome) -> dict[str, object]:
    """The longer answer of `inspect FILE --json`: the answer, the page's facts and what was weighed in vain."""
    if outcome.verdict.reserved:
        return dict(reserved_answer(outcome.page.page_id))
    page = outcome.page
    facts = {
        "url": mask_markup(page.url),
        "site": None if page.site is None else mask_markup(page.site),
        "kind": page.kind,
        "title": mask_markup(page.title),
        "charset": page.charset,
    }
    doubts = [_offer(f, outcome) for f in outcome.verdict.findings if f.band == "doubtful"]
    verdict = outcome.verdict
    weighed = reason_rows(verdict.weighed, "")
    return (
        dict(answer(page.page_id, outcome))
        | facts
        | {"doubts": doubts, "mention": verdict.mention, "best_score": verdict.best_score, "weighed": weighed}
    )
