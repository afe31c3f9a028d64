"""From scored blocks to findings: what an offer needs, which band it falls into, what stance it takes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from nohaven.detection.evidence import PageMatches
from nohaven.detection.fitted import Fitted
from nohaven.detection.fitting import fit_block, fit_unnamed, is_message
from nohaven.detection.scales import Scales
from nohaven.detection.scoring import STANCE_GROUPS, Scored, score_block
from nohaven.records.offer import Finding, Reason
from nohaven.records.page import Page, Structure
from nohaven.records.rule import Rule

QUOTE = 200  # characters of a quote at most
_ANCHORS = 60  # blocks that are weighed, those with the heaviest topic first
_NO_ANCHOR = frozenset({"nav", "query"})
# What the groups of mention cues say of a page that is no offer.
_MENTION_OF_GROUP = {
    "dateline": "report",
    "byline": "report",
    "attribution": "report",
    "police": "report",
    "legal": "legal",
    "prevention": "help",
    "victim": "help",
    "education": "education",
    "research": "education",
    "fiction": "fiction",
    "licensed": "licensed",
    "negation": "help",
}


def judge(
    page: Page, structure: Structure, found: PageMatches, scales: Scales, fitted: Fitted | None
) -> tuple[list[Finding], Scored | None]:
    """Findings of a page, best first, and the best block that was weighed."""
    anchors = _anchors(found)
    scored = [score_block(page, structure, found, anchor, scales) for anchor in anchors]
    scored.sort(key=lambda s: (-s.log_odds, s.block, s.category))
    findings = [f for s in scored if (f := _finding(s, found, scales)) is not None]
    if fitted is not None:
        message = is_message(page, found, scales)
        # of a message the cues that only one trade writes name the trade where no goods do
        named = [*anchors, *(_anchors(found, _of_trade) if message else ())]
        fits = (fit_block(page, structure, found, anchor, scales, fitted) for anchor in _first_of_each(named))
        fitting = [f for f in fits if f is not None]
        if message and not named and (unnamed := fit_unnamed(page, structure, found, scales, fitted)) is not None:
            fitting = [unnamed]
        if message:
            findings = _doubted(findings, {f.block for f in fitting if f.band == "offer"})
        findings = _either(findings, fitting)
    return list(_one_a_block(findings))[: scales.most_findings], scored[0] if scored else None


def _first_of_each(anchors: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    """Of each block the category that weighs most."""
    return list({block: (block, category) for block, category in reversed(list(anchors))}.values())


def _doubted(rules: Iterable[Finding], seen: Collection[int]) -> list[Finding]:
    """The findings of the rules, those in blocks that the model calls no offer as doubts: it was fitted to messages,
    and knows better than the rules which of them only look like offers."""
    return [f if f.block in seen else replace(f, band="doubtful") for f in rules]


def _either(rules: Sequence[Finding], model: Sequence[Finding]) -> list[Finding]:
    """The findings of both, of each block those of the rules where they call it an offer or the model does not."""
    kept = {f.block for f in rules if f.band == "offer"}
    taken = {f.block: f for f in model if f.block not in kept}
    doubted = {f.block for f in rules}
    new = [f for f in taken.values() if f.band == "offer" or f.block not in doubted]
    replaced = {f.block for f in new}
    return sorted(
        [*(f for f in rules if f.block not in replaced), *new], key=lambda f: (-f.log_odds, f.block, f.category)
    )


def mention_of(scored: Scored | None) -> str:
    """Which kind of mention the best block of a page without findings is."""
    if scored is None:
        return "unknown"
    against = [(p.weight, p.match.rule.group) for p in scored.parts if p.match.rule.kind == "mention_cue"]
    return _MENTION_OF_GROUP.get(min(against)[1] or "", "unknown") if against else "unknown"


def reasons_of(scored: Scored, text: str) -> tuple[Reason, ...]:
    """The reasons of a score: rules in the page's spelling, then checks of structure."""
    words = [
        Reason(p.match.rule.id, round(p.weight, 4), text[p.match.start : p.match.end][:QUOTE]) for p in scored.parts
    ]
    return (*words, *(Reason(name, round(weight, 4), "") for name, weight in scored.checks))


def _of_goods(rule: Rule) -> bool:
    """Whether a rule names goods or services."""
    return rule.is_topic


def _of_trade(rule: Rule) -> bool:
    """Whether a rule is a cue of selling that one trade has for itself."""
    return rule.kind == "offer_cue" and rule.weight > 0


def _anchors(found: PageMatches, names: Callable[[Rule], bool] = _of_goods) -> list[tuple[int, str]]:
    """(block, category) for each block with a rule of a category that `names` it, the weightiest first."""
    weights: dict[tuple[int, str], float] = {}
    for number, matches in found.by_block.items():
        if found.blocks[number].role in _NO_ANCHOR:
            continue
        for match in matches:
            if match.rule.category and names(match.rule):
                key = (number, match.rule.category)
                weights[key] = weights.get(key, 0.0) + match.rule.weight
    return sorted(weights, key=lambda k: (-weights[k], k))[:_ANCHORS]


def _finding(scored: Scored, found: PageMatches, scales: Scales) -> Finding | None:
    """A finding, where the block is an offer or a doubt; None otherwise."""
    band = _band(scored, scales)
    if band is None:
        return None
    places = sorted(
        (p.match.start, p.match.end) for p in scored.parts if p.match.block == scored.block and p.weight > 0
    )
    block = found.blocks[scored.block]
    start = places[0][0]
    end = min(max(e for _, e in places), start + QUOTE, block.start + len(block.text))
    tags = sorted({t for p in scored.parts for t in p.match.rule.tags})
    log_odds = round(scored.log_odds, 4)
    return Finding(
        block=scored.block,
        role=block.role,
        category=scored.category,
        tags=tuple(tags),
        stance=_stance(scored),
        band=band,
        log_odds=log_odds,
        score=round(scales.calibrated(log_odds), 4),
        start=start,
        end=end,
        reasons=reasons_of(scored, found.shown),
    )


def _band(scored: Scored, scales: Scales) -> str | None:
    """`offer` needs a topic, two groups of cues, a way to order and the score; `doubtful` lacks one of these."""
    score = scales.calibrated(scored.log_odds)
    if score < scales.doubtful_at:
        return None
    rich = scored.clandestine and len(scored.own_groups - STANCE_GROUPS) >= scales.rich_groups
    dense = scored.topic >= scales.dense_topic
    needs = (
        scored.topic >= (scales.rich_topic if rich else scales.least_topic),
        scored.sure_topic or scored.clandestine,
        bool(scored.near_groups) and len(scored.groups) >= (1 if dense else scales.least_groups),
        scored.can_order,
        score >= scales.offer_at,
    )
    if all(needs):
        return "offer"
    return "doubtful" if sum(needs) >= len(needs) - 1 else None


def _stance(scored: Scored) -> str:
    """What is done with the good: offered, unless asking, recruiting or vouching outweighs every selling cue."""
    selling = max(
        (p.weight for p in scored.parts if p.match.rule.group in ("sell", "price", "ship", "pay")), default=0.0
    )
    for group, stance in (("recruit", "recruit"), ("vouch", "vouch"), ("ask", "demand")):
        if group in scored.own_groups and selling < 0.5:
            return stance
    return "offer"


def _one_a_block(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Of the categories of one block those within reach of its best; neighbours that say the same again stay."""
    best: dict[int, float] = {}
    for finding in findings:
        top = best.setdefault(finding.block, finding.log_odds)
        if finding.log_odds >= top - 0.01 or (finding.band == "offer" and finding.log_odds >= top - 1.0):
            yield finding
