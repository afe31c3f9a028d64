"""What the fitted model says of a page: the findings that its weights make, where the rules' own sum made none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nohaven.detection.evidence import TRADE, PageMatches, is_clandestine, unquoted
from nohaven.detection.fitted import Fitted, Part
from nohaven.detection.matching import Match
from nohaven.detection.scales import Scales
from nohaven.detection.scoring import ORDER_GROUPS, STANCE_GROUPS, Asked, has_way, kind, public_body, role
from nohaven.records.offer import Finding, Reason
from nohaven.records.page import Page, Structure

QUOTE = 200  # characters of a quote at most
# Where the words stand says the same to both sums; the model saw texts, not pages, so it takes these from the scales.
_CHECKS = (("structure.role", role), ("structure.page_kind", kind), ("structure.public_body", public_body))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The matches that count for a block, and the characters that they stand in."""

    matches: Sequence[Match]
    length: int
    whole: bool  # they are those of a short page, taken as one


NO_EVIDENCE = Evidence((), 0, False)


def evidence(page: Page, found: PageMatches, block: int, scales: Scales) -> Evidence:
    """A block's own matches; on a short page those of its neighbours too."""
    own = list(unquoted(found.at(block), found))
    if page.text_chars > scales.short_page or len(found.blocks) > scales.short_blocks:
        return Evidence(own, len(found.blocks[block].text), False)
    return Evidence([*own, *found.around(block, scales.neighbours)], page.text_chars, True)


def fit_block(
    page: Page, structure: Structure, found: PageMatches, anchor: tuple[int, str], scales: Scales, fitted: Fitted
) -> Finding | None:
    """The model's finding for a block that names goods of a category; None where it makes none."""
    number, category = anchor
    block = found.blocks[number]
    seen = evidence(page, found, number, scales)
    deals = _deals(seen)
    if not (_is_about(category, seen, found, scales) and (deals or _sells(seen))):
        return None
    asked = Asked(page, block, structure, seen.matches, category, scales)
    checks = [Part(name, weight, None) for name, check in _CHECKS if (weight := check(asked))]
    parts = [*fitted.parts(seen.matches, seen.length), *checks]
    log_odds = round(sum(round(part.weight, 4) for part in parts), 4)
    if log_odds < fitted.doubtful_at:
        return None
    start, end = _quote(parts, seen, found, number)
    return Finding(
        block=number,
        role=block.role,
        category=category,
        tags=tuple(sorted({t for m in seen.matches if m.rule.category == category for t in m.rule.tags})),
        stance=stance_of(seen.matches),
        band="offer" if deals and log_odds >= fitted.offer_at else "doubtful",
        log_odds=log_odds,
        score=round(scales.calibrated(log_odds), 4),
        start=start,
        end=end,
        reasons=tuple(_reasons(parts, found.shown)),
    )


def stance_of(matches: Iterable[Match]) -> str:
    """What is done with the good: offered, unless asking, recruiting or vouching is all that is said."""
    groups = {m.rule.group for m in matches if m.rule.kind == "offer_cue"}
    if groups & {"sell", "price", "ship", "pay"}:
        return "offer"
    return next(
        (
            stance
            for group, stance in (("recruit", "recruit"), ("vouch", "vouch"), ("ask", "demand"))
            if group in groups
        ),
        "offer",
    )


def _sells(seen: Evidence) -> bool:
    """Whether a message says that something is sold, though not how to get it: by a cue; by two groups of cues where
    anything in it speaks as a mention does. Such a message is a doubt at most."""
    return seen.whole and len(_selling_groups(seen)) >= _least_groups(seen)


def _selling_groups(seen: Evidence) -> set[str]:
    """The groups of offer cues, without those that say what is done with the good."""
    return {m.rule.group or TRADE for m in seen.matches if m.rule.kind == "offer_cue"} - STANCE_GROUPS


def _least_groups(seen: Evidence) -> int:
    """Two; in a message in which nothing speaks as a mention does, one."""
    return 1 if seen.whole and not any(m.rule.kind == "mention_cue" for m in seen.matches) else 2


def _is_about(category: str, seen: Evidence, found: PageMatches, scales: Scales) -> bool:
    """Whether the words are sure to be about the category: an unambiguous one on the page, a cue that lawful traders do
    not write, or two ambiguous ones together."""
    if category in found.sure or any(is_clandestine(m.rule, category, scales) for m in seen.matches):
        return True
    return len({m.rule.id for m in seen.matches if m.rule.is_topic and m.rule.category == category}) > 1


def _deals(seen: Evidence) -> bool:
    """Whether there is a way to order, and enough groups of cues speak of a sale. Less is a mention, whatever it
    weighs."""
    groups = _selling_groups(seen)
    return (bool(groups & ORDER_GROUPS) or has_way(seen.matches, frozenset())) and len(groups) >= _least_groups(seen)


def _quote(parts: Iterable[Part], seen: Evidence, found: PageMatches, number: int) -> tuple[int, int]:
    """From the first to the last match in the block that speaks for an offer, QUOTE characters at most."""
    block = found.blocks[number]
    weighing = [p.match for p in parts if p.match is not None and p.match.block == number and p.weight > 0]
    own = weighing or [m for m in seen.matches if m.block == number]
    start = min(m.start for m in own)
    return start, min(max(m.end for m in own), start + QUOTE, block.start + len(block.text))


def _reasons(parts: Iterable[Part], shown: str) -> Iterable[Reason]:
    """Rules in the page's spelling first, then combinations and checks; each group by weight."""
    ordered = sorted(parts, key=lambda p: (p.match is None, -abs(p.weight), p.name))
    for part in ordered:
        quote = shown[part.match.start : part.match.end][:QUOTE] if part.match is not None else ""
        name = part.match.rule.id if part.match is not None else part.name
        yield Reason(name, round(part.weight, 4), quote)
