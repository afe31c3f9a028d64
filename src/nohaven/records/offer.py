"""What detection hands on: offers and doubts, each with the reasons that make up its score."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a check answered as it did: the rule, its weight and the words it saw."""

    rule_id: str
    weight: float  # log-odds; the weights of a finding sum to its score before calibration
    quote: str  # exact text from the page, at most 200 characters; empty for checks of structure


@dataclass(frozen=True, slots=True)
class Finding:
    """A block that offers, asks for, recruits for or vouches for an illicit good or service, or may do so."""

    block: int  # number of the block on its page
    role: str  # of that block
    category: str
    tags: tuple[str, ...]
    stance: str  # one of records.lists.STANCES
    band: str  # offer or doubtful
    log_odds: float
    score: float  # 0-1, by the calibration that resources/scoring.yaml states
    start: int  # the quote's place in the joined blocks
    end: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What detection says of a page."""

    gated: bool  # its words could add up to a finding, so it was read block by block
    reserved: bool  # sexual vocabulary with an age cue: nothing else may be said of it
    findings: tuple[Finding, ...]  # best first
    mention: str  # why it is no offer, one of records.lists.MENTION_STANCES; "unknown" where nothing says so
    best_score: float | None  # of the best block that was scored, finding or not
    weighed: tuple[Reason, ...] = ()  # the reasons of that block where there is no finding
