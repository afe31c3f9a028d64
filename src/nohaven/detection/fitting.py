"""What the fitted model says of a page: the findings that its weights make, where the rules' own sum made none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from nohaven.detection.evidence import TRADE, PageMatches, is_clandestine, unquoted
from nohaven.detection.fitted import Fitted, Part, signs
from nohaven.detection.matching import Match
from nohaven.detection.reserved import SEXUAL
from nohaven.detection.scales import Scales
from nohaven.detection.scoring import ORDER_GROUPS, STANCE_GROUPS, Asked, has_way, kind, public_body, role
from nohaven.records.lists import OTHER_ILLICIT
from nohaven.records.offer import Finding, Reason
from nohaven.records.page import Page, Structure

QUOTE = 200  # characters of a quote at most
_PHRASES = 8  # that are shown one by one
# Where the words stand says the same to both sums; the model saw texts, not pages, so it takes these from the scales.
_CHECKS = (("structure.role", role), ("structure.page_kind", kind), ("structure.public_body", public_body))


@dataclass(frozen=True, slots=True)
class Evidence:
    """The matches that count for a block, and the blocks whose words do."""

    matches: Sequence[Match]
    blocks: Sequence[int]
    whole: bool  # they are those of a short page, taken as one


NO_EVIDENCE = Evidence((), (), False)


def is_message(page: Page, found: PageMatches, scales: Scales) -> bool:
    """Whether a page is so short that it is weighed as a whole: a post, a message, a small advert."""
    return page.text_chars <= scales.short_page and len(found.blocks) <= scales.short_blocks


def evidence(page: Page, found: PageMatches, block: int, scales: Scales) -> Evidence:
    """A block's own matches; of a message those of its neighbours too."""
    own = list(unquoted(found.at(block), found))
    if not is_message(page, found, scales):
        return Evidence(own, (block,), False)
    reach = range(max(0, block - scales.neighbours), min(len(found.blocks), block + scales.neighbours + 1))
    near = [number for number in reach if number == block or found.blocks[number].role != "nav"]
    return Evidence([*own, *found.around(block, scales.neighbours)], near, True)


def fit_block(
    page: Page, structure: Structure, found: PageMatches, anchor: tuple[int, str], scales: Scales, fitted: Fitted
) -> Finding | None:
    """The model's finding for a block that names goods of a category; None where it makes none.

    A message is weighed as a whole, and what it lacks weighs against it. A block of a long page may stand among
    anything, so there words that are surely of the category, a way to order and cues of a sale are needed as well.
    """
    number, category = anchor
    block = found.blocks[number]
    seen = evidence(page, found, number, scales)
    if not seen.whole and not (_is_about(category, seen, found, scales) and _deals(seen, scales)):
        return None
    parts, log_odds = _weighed(Asked(page, block, structure, seen.matches, category, scales), found, seen, fitted)
    if log_odds < fitted.doubtful_at:
        return None
    start, end = _quote(parts, seen, found, number)
    return Finding(
        block=number,
        role=block.role,
        category=category,
        tags=tuple(sorted({t for m in seen.matches if m.rule.category == category for t in m.rule.tags})),
        stance=stance_of(seen.matches),
        band="offer" if log_odds >= fitted.offer_at else "doubtful",
        log_odds=log_odds,
        score=round(scales.calibrated(log_odds), 4),
        start=start,
        end=end,
        reasons=tuple(_reasons(parts, found)),
    )


def fit_unnamed(page: Page, structure: Structure, found: PageMatches, scales: Scales, fitted: Fitted) -> Finding | None:
    """The model's finding for a message whose trade no rule names; None where it makes none.

    The category is the likeliest by the message's signs; where that is not sure a person looks. What may be sexual is
    left to the rules.
    """
    naming = fitted.naming
    readable = [b.number for b in found.blocks if b.role not in ("nav", "query")]
    if naming is None or not readable:
        return None
    number = max(readable, key=lambda n: (len(found.blocks[n].text), -n))
    block = found.blocks[number]
    seen = evidence(page, found, number, scales)
    parts, log_odds = _weighed(Asked(page, block, structure, seen.matches, OTHER_ILLICIT, scales), found, seen, fitted)
    if log_odds < naming.offer_at:
        return None
    category, probability = naming.best(signs(seen.matches, found.phrases(seen.blocks)))
    if category in SEXUAL:
        return None
    sure = probability >= naming.sure_at
    start, end = _phrase_quote(parts, found, number)
    return Finding(
        block=number,
        role=block.role,
        category=category if sure else OTHER_ILLICIT,
        tags=(),
        stance=stance_of(seen.matches),
        band="offer" if sure else "doubtful",
        log_odds=log_odds,
        score=round(scales.calibrated(log_odds), 4),
        start=start,
        end=end,
        reasons=tuple(_reasons(parts, found)),
    )


def _weighed(asked: Asked, found: PageMatches, seen: Evidence, fitted: Fitted) -> tuple[list[Part], float]:
    """What the model and the place of a block add up to, and the sum."""
    checks = [Part(name, weight, None) for name, check in _CHECKS if (weight := check(asked))]
    parts = [*fitted.parts(seen.matches, found.phrases(seen.blocks)), *checks]
    return parts, round(sum(round(part.weight, 4) for part in parts), 4)


def _phrase_quote(parts: Iterable[Part], found: PageMatches, number: int) -> tuple[int, int]:
    """The phrase of the block that speaks most for an offer; the block's beginning where none of its own does."""
    block = found.blocks[number]
    stop = block.start + len(block.text)
    spans = [(p.weight, found.view.origin(*p.place)) for p in parts if p.place is not None and p.weight > 0]
    own = [(weight, span) for weight, span in spans if block.start <= span[0] and span[1] <= stop]
    start, end = max(own, key=lambda each: (each[0], -each[1][0]))[1] if own else (block.start, stop)
    return start, min(end, start + QUOTE)


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


def _selling_groups(seen: Evidence) -> set[str]:
    """The groups of offer cues, without those that say what is done with the good."""
    return {m.rule.group or TRADE for m in seen.matches if m.rule.kind == "offer_cue"} - STANCE_GROUPS


def _is_about(category: str, seen: Evidence, found: PageMatches, scales: Scales) -> bool:
    """Whether the words are sure to be about the category: an unambiguous one on the page, a cue that lawful traders do
    not write, or two ambiguous ones together."""
    if category in found.sure or any(is_clandestine(m.rule, category, scales) for m in seen.matches):
        return True
    return len({m.rule.id for m in seen.matches if m.rule.is_topic and m.rule.category == category}) > 1


def _deals(seen: Evidence, scales: Scales) -> bool:
    """Whether there is a way to order, and enough groups of cues speak of a sale. Less is a mention."""
    groups = _selling_groups(seen)
    return (bool(groups & ORDER_GROUPS) or has_way(seen.matches, frozenset())) and len(groups) >= scales.least_groups


def _quote(parts: Iterable[Part], seen: Evidence, found: PageMatches, number: int) -> tuple[int, int]:
    """From the first to the last match in the block that speaks for an offer, QUOTE characters at most."""
    block = found.blocks[number]
    weighing = [p.match for p in parts if p.match is not None and p.match.block == number and p.weight > 0]
    own = weighing or [m for m in seen.matches if m.block == number]
    start = min(m.start for m in own)
    return start, min(max(m.end for m in own), start + QUOTE, block.start + len(block.text))


def _reasons(parts: Iterable[Part], found: PageMatches) -> Iterable[Reason]:
    """Rules in the page's spelling first, then phrases, combinations and checks; each group by weight. Beyond _PHRASES
    phrases the rest is one reason."""
    every, shown = list(parts), found.shown
    phrases = sorted((p for p in every if p.place is not None), key=lambda p: (-abs(p.weight), p.name))
    others = sorted((p for p in every if p.place is None), key=lambda p: (p.match is None, -abs(p.weight), p.name))
    for part in others:
        if part.match is None:
            break
        yield Reason(part.match.rule.id, round(part.weight, 4), shown[part.match.start : part.match.end][:QUOTE])
    for part in phrases[:_PHRASES]:
        start, end = found.view.origin(*cast(tuple[int, int], part.place))
        yield Reason("model.phrase", round(part.weight, 4), shown[start:end][:QUOTE])
    if rest := sum(round(part.weight, 4) for part in phrases[_PHRASES:]):
        yield Reason("model.phrases", round(rest, 4), "")
    yield from (Reason(part.name, round(part.weight, 4), "") for part in others if part.match is None)
