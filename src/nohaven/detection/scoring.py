"""Adds up what speaks for and against a block: one visible list of reasons, whose weights sum to the log-odds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from nohaven.detection.evidence import (
    TRADE,
    PageMatches,
    Weighed,
    against_category,
    by_weight,
    cues_by_group,
    is_clandestine,
    mentions_by_group,
    unquoted,
    weigh_topic,
)
from nohaven.detection.matching import Match
from nohaven.detection.scales import Scales
from nohaven.records.page import Block, Page, Structure

# Groups that say what is done with the good, not that it is for sale.
STANCE_GROUPS = frozenset({"ask", "recruit", "vouch"})
ORDER_GROUPS = frozenset({"contact"})
PAGE_GROUPS = frozenset({"contact", "pay", "ship", "sell"})  # what one block says for the whole page
_Groups = Mapping[str, Sequence[Match]]  # cues by group
PUBLIC_ENDINGS = (".gov", ".edu", ".mil")


@dataclass(frozen=True, slots=True)
class Scored:
    """A block weighed for one category."""

    block: int
    category: str
    parts: tuple[Weighed, ...]  # rules
    checks: tuple[tuple[str, float], ...]  # checks of structure: id, weight
    topic: float
    sure_topic: bool  # an unambiguous word, or enough ambiguous ones
    groups: frozenset[str]  # of offer cues in reach
    own_groups: frozenset[str]  # of those in the block itself
    near_groups: frozenset[str]  # of those in the block or its neighbours
    clandestine: bool
    can_order: bool
    mention_groups: frozenset[str]

    @property
    def log_odds(self) -> float:
        """The sum of all weights."""
        return sum(p.weight for p in self.parts) + sum(w for _, w in self.checks)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the checks of structure look at."""

    page: Page
    block: Block
    structure: Structure
    own: Sequence[Match]
    category: str
    scales: Scales


def bias(a: Asked) -> float:
    """What an ordinary block starts from."""
    return a.scales.bias


def role(a: Asked) -> float:
    """Quotes, reflected queries and footers speak for others."""
    return a.scales.role_weights.get(a.block.role, 0.0)


def kind(a: Asked) -> float:
    """Articles report; a comment under one is not the article's."""
    if a.page.kind == "article" and a.block.role == "comment":
        return 0.0
    return a.scales.kind_weights.get(a.page.kind, 0.0)


def public_body(a: Asked) -> float:
    """Hosts of public bodies and universities: lowers, never decides, since such hosts are hacked to carry offers."""
    labels = "." + (a.page.site or "")
    return a.scales.public_body if any(f"{e}." in labels + "." for e in PUBLIC_ENDINGS) else 0.0


def shop_markup(a: Asked) -> float:
    """Structured data of a product for sale."""
    return a.scales.shop_markup if a.structure.json_ld else 0.0


def channel_near(a: Asked) -> float:
    """A channel within a few words of the good."""
    return a.scales.channel_near if _stand_together(a, "contact") else 0.0


def price_near(a: Asked) -> float:
    """A price within a few words of the good."""
    return a.scales.price_near if _stand_together(a, "price") else 0.0


def _stand_together(a: Asked, group: str) -> bool:
    """Whether a cue of the group stands near a good of the category in the block."""
    goods = [m for m in a.own if m.rule.is_topic and m.rule.category == a.category]
    cues = [m for m in a.own if m.rule.group == group]
    return any(max(g.start, c.start) - min(g.end, c.end) <= a.scales.near for g in goods for c in cues)


CHECKS: tuple[tuple[str, Callable[[Asked], float]], ...] = (
    ("structure.bias", bias),
    ("structure.role", role),
    ("structure.page_kind", kind),
    ("structure.public_body", public_body),
    ("structure.shop_markup", shop_markup),
    ("structure.channel_near", channel_near),
    ("structure.price_near", price_near),
)


def score_block(
    page: Page, structure: Structure, found: PageMatches, anchor: tuple[int, str], scales: Scales
) -> Scored:
    """A block weighed for one category, with its neighbours and page as context."""
    number, category = anchor
    block = found.blocks[number]
    own = unquoted(found.at(number), found)
    reach = scales.neighbours
    near = list(found.around(number, reach))
    topic = weigh_topic(own, category, scales, category in found.sure)
    at_block, at_near = (cues_by_group(m, category) for m in (own, near))
    at_far = found.cues_elsewhere(category, number, reach)
    cues = list(_weigh_cues(at_block, at_near, at_far, scales))
    against = list(_weigh_against(own, near, found.mentions_elsewhere(number, reach), category, scales))
    own_groups = frozenset(at_block)
    used = [w.match.rule for w in cues]
    in_reach = own_groups | at_near.keys()
    asked = Asked(page, block, structure, own, category, scales)
    return Scored(
        block=number,
        category=category,
        parts=(*topic, *cues, *against),
        checks=tuple((name, weight) for name, check in CHECKS if (weight := check(asked))),
        topic=sum(w.weight for w in topic),
        sure_topic=category in found.sure or _dense(topic, asked),
        groups=frozenset(r.group or TRADE for r in used) - STANCE_GROUPS,
        own_groups=own_groups,
        near_groups=frozenset(in_reach) - STANCE_GROUPS,
        clandestine=any(is_clandestine(m.rule, category, scales) for m in (*own, *near))
        or found.clandestine(category, scales) >= scales.page_clandestine,
        can_order=bool(ORDER_GROUPS & (in_reach | at_far.keys()))
        or has_way([*own, *near], found.groups_elsewhere(number, reach)),
        mention_groups=frozenset(mentions_by_group([*own, *near])),
    )


def _dense(topic: Sequence[Weighed], asked: Asked) -> bool:
    """Whether ambiguous words are sure together: many of them, or a heavy one with a channel or price beside it."""
    if len(topic) >= asked.scales.dense_terms:
        return True
    heavy = any(w.match.rule.weight >= asked.scales.heavy_term for w in topic)
    return heavy and (_stand_together(asked, "contact") or _stand_together(asked, "price"))


def has_way(near: Iterable[Match], far: Set[str | None]) -> bool:
    """Whether buying is possible on the page: a sale is spoken of, and price, payment or shipping near the block.
    `far`: the groups of offer cues elsewhere."""
    close = {m.rule.group for m in near if m.rule.kind == "offer_cue"}
    page = close | far
    return (
        bool(close & {"sell", "pay", "ship", "price"})
        and bool(page & {"sell", "price"})
        and bool(page & {"pay", "ship"})
    )


def _weigh_cues(at_block: _Groups, at_near: _Groups, at_far: _Groups, scales: Scales) -> Iterator[Weighed]:
    """Offer cues: of each group the best, and the second in the block itself; nearer ones first."""
    for group in sorted({*at_block, *at_near, *(at_far.keys() & PAGE_GROUPS)} - STANCE_GROUPS):
        ranked = _ranked(at_block.get(group, ()))
        if ranked:
            yield Weighed(ranked[0], ranked[0].rule.weight)
            if len(ranked) > 1:
                yield Weighed(ranked[1], ranked[1].rule.weight * scales.second_cue)
            continue
        context = _ranked(at_near.get(group, ()))
        factor = scales.factor_neighbour if context else scales.factor_page
        best = (context or _ranked(at_far.get(group, ())))[0]
        yield Weighed(best, best.rule.weight * factor)


def _ranked(matches: Iterable[Match]) -> list[Match]:
    """One match a rule, the heaviest first; matches that lie inside a heavier one are left out."""
    best: dict[str, Match] = {}
    for match in sorted(matches, key=by_weight):
        if not any(b.start <= match.start and match.end <= b.end for b in best.values()):
            best.setdefault(match.rule.id, match)
    return list(best.values())


def _weigh_against(
    own: Sequence[Match], near: Sequence[Match], far: _Groups, category: str, scales: Scales
) -> Iterator[Weighed]:
    """Mention cues, of each group the best two, and words of an innocent sense."""
    by_group: list[tuple[_Groups, float]] = [
        (mentions_by_group(own), 1.0),
        (mentions_by_group(near), scales.mention_neighbour),
        (far, scales.mention_page),
    ]
    names = sorted({group for groups, _ in by_group for group in groups})
    damped = scales.mention_alone if len(names) == 1 else 1.0
    for name in names:
        for groups, factor in by_group:
            ranked = _ranked(groups.get(name, ()))
            if ranked:
                yield Weighed(ranked[0], ranked[0].rule.weight * factor * damped)
                if len(ranked) > 1:
                    yield Weighed(ranked[1], ranked[1].rule.weight * factor * damped * 0.5)
                break
    innocent = [(m, 1.0) for m in against_category(own, category)]
    innocent += [(m, scales.mention_neighbour) for m in against_category(near, category)]
    for match, factor in innocent[:3]:
        yield Weighed(match, match.rule.weight * factor)
