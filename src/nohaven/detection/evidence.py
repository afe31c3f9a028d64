"""What speaks for and against a block: its matches, those of its neighbours and of the page, by what they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nohaven.detection.matching import Match
from nohaven.detection.phrases import Phrases, phrases
from nohaven.detection.scales import Scales
from nohaven.records.page import Block
from nohaven.records.rule import Rule
from nohaven.records.view import View

_QUOTED = re.compile(r"“[^”]{2,300}”|\"[^\"]{2,300}\"|「[^」]{2,300}」|『[^』]{2,300}』|‘[^’]{6,300}’|«[^»]{2,300}»")
_LINE_END = re.compile("\n")
_QUOTE_REACH = 300  # characters around the matches in which a quotation may begin or end
FEW = 8  # blocks: one more than an anchor has with its neighbours, so that one of them lies elsewhere
TRADE = "trade"  # the group of cues that belong to one category


@dataclass(frozen=True, slots=True)
class Weighed:
    """A match with the weight that it gets where it stands."""

    match: Match
    weight: float


class PageMatches:
    """All matches of a page with its blocks; made once a page, asked once an anchor. Navigation does not count as
    context."""

    __slots__ = (
        "_clandestine",
        "_context",
        "_cues",
        "_lines",
        "_mentions",
        "_said",
        "_trades",
        "blocks",
        "by_block",
        "is_mention",
        "shown",
        "sure",
        "view",
    )

    def __init__(
        self, blocks: Sequence[Block], by_block: Mapping[int, Sequence[Match]], shown: str, view: View
    ) -> None:
        self.blocks = blocks
        self.view = view  # of the joined blocks
        self.by_block = {number: once_each(matches) for number, matches in by_block.items()}
        self.shown = shown  # the joined blocks, masked: what quotes are cut from
        self._context = _context(blocks, self.by_block)
        self._clandestine: dict[str, int] = {}
        self._lines: list[tuple[int, int]] | None = None
        self._said: dict[int, Phrases] = {}
        # two groups of mention cues, or one of them sure: the page reports, warns or teaches
        cues = [m for m in self._context if m.rule.kind == "mention_cue"]
        self._mentions = _grouped(cues)
        self._cues = [m for m in self._context if m.rule.kind == "offer_cue"]
        self._trades: dict[str, Mapping[str, Sequence[Match]]] = {}
        self.is_mention = len({m.rule.group for m in cues}) > 1 or any(map(_speaks_of, cues))
        # categories of which an unambiguous word stands anywhere
        self.sure = frozenset(m.rule.category for m in self._context if m.rule.is_topic and not m.rule.ambiguous)

    def clandestine(self, category: str, scales: Scales) -> int:
        """How many different cues that lawful traders do not write stand anywhere on the page."""
        if category not in self._clandestine:
            ids = {m.rule.id for m in self._context if is_clandestine(m.rule, category, scales)}
            self._clandestine[category] = len(ids)
        return self._clandestine[category]

    def phrases(self, blocks: Sequence[int]) -> Phrases:
        """The phrases of blocks, with their places in the base view."""
        if self._lines is None:
            ends = [m.start() for m in _LINE_END.finditer(self.view.text)]
            self._lines = list(zip([0, *(end + 1 for end in ends)], [*ends, len(self.view.text)], strict=True))
        places: dict[str, tuple[int, int]] = {}
        tokens = 0
        for number in blocks:
            said = self._said.get(number) or self._said.setdefault(
                number, phrases(self.view.text, [self._lines[number]])
            )
            places = said.places | places  # of a phrase the first place
            tokens += said.tokens
        return Phrases(places, tokens)

    def at(self, block: int) -> Sequence[Match]:
        """Matches of one block."""
        return self.by_block.get(block, ())

    def around(self, block: int, reach: int) -> Iterable[Match]:
        """Matches of the blocks up to `reach` before and after, the block itself left out, navigation left out."""
        for number in (*range(block - reach, block), *range(block + 1, block + reach + 1)):
            if 0 <= number < len(self.blocks) and self.blocks[number].role != "nav":
                yield from self.at(number)

    def cues_elsewhere(self, category: str, block: int, reach: int) -> dict[str, list[Match]]:
        """By group the heaviest offer cue that a category can have, of blocks further away than `reach`; of a rule that
        stands in very many blocks the first few count."""
        if category not in self._trades:
            self._trades[category] = _grouped(m for m in self._cues if m.rule.category in (None, category))
        return _heaviest(self._trades[category], block, reach)

    def mentions_elsewhere(self, block: int, reach: int) -> dict[str, list[Match]]:
        """By group the two heaviest mention cues of blocks further away than `reach`."""
        return _heaviest(self._mentions, block, reach)

    def groups_elsewhere(self, block: int, reach: int) -> set[str | None]:
        """The groups of all offer cues of blocks further away than `reach`."""
        return {m.rule.group for m in self._cues if abs(m.block - block) > reach}


def by_weight(match: Match) -> tuple[float, int, str]:
    """What matches are ranked by: the heaviest first."""
    return -abs(match.rule.weight), match.start, match.rule.id


def _grouped(matches: Iterable[Match]) -> Mapping[str, Sequence[Match]]:
    """Cues by group, in each the heaviest first; mention cues without a group left out."""
    groups: dict[str, list[Match]] = {}
    for match in sorted(matches, key=by_weight):
        if match.rule.group or match.rule.kind == "offer_cue":
            groups.setdefault(match.rule.group or TRADE, []).append(match)
    return groups


def _heaviest(groups: Mapping[str, Sequence[Match]], block: int, reach: int) -> dict[str, list[Match]]:
    """Of each group the first two of different rules, apart from each other, that lie further away than `reach`."""
    found: dict[str, list[Match]] = {}
    for name, matches in groups.items():
        for match in matches:
            if abs(match.block - block) <= reach:
                continue
            best = found.setdefault(name, [])
            if not best:
                best.append(match)
            elif best[0].rule.id != match.rule.id and not (best[0].start <= match.start and match.end <= best[0].end):
                best.append(match)
                break
    return found


def is_clandestine(rule: Rule, category: str, scales: Scales) -> bool:
    """Whether a rule is a cue of a category that lawful traders do not write."""
    of_category = rule.category in (None, category)
    return rule.kind == "offer_cue" and of_category and not rule.ambiguous and rule.weight >= scales.clandestine


def _speaks_of(match: Match) -> bool:
    """Whether a match is a mention cue that sellers do not write."""
    return match.rule.kind == "mention_cue" and not match.rule.ambiguous


def _context(blocks: Sequence[Block], by_block: Mapping[int, Sequence[Match]]) -> list[Match]:
    """The matches outside navigation, of each rule those of its first FEW blocks."""
    kept: list[Match] = []
    seen: Counter[str] = Counter()
    for number in sorted(by_block):
        if blocks[number].role == "nav":
            continue
        for match in {m.rule.id: m for m in reversed(by_block[number])}.values():
            seen[match.rule.id] += 1
            if seen[match.rule.id] <= FEW:
                kept.append(match)
    return kept


def once_each(matches: Sequence[Match]) -> Sequence[Match]:
    """The matches of a block without the offer cues that stand within a heavier cue of another group: the same words
    are one sign, however many groups know them, or one word alone would make the two groups that an offer needs."""
    cues = [m for m in matches if m.rule.kind == "offer_cue"]
    doubles = {id(m) for m in cues if any(_outweighs(other, m) for other in cues)}
    return [m for m in matches if id(m) not in doubles] if doubles else matches


def _outweighs(other: Match, match: Match) -> bool:
    """Whether another cue, of another group, holds a match's words and weighs more (of equals the first by id)."""
    if (other.rule.group, other.rule.category) == (match.rule.group, match.rule.category):
        return False
    if not (other.start <= match.start and match.end <= other.end):
        return False
    return (-other.rule.weight, other.rule.id) < (-match.rule.weight, match.rule.id)


def unquoted(matches: Sequence[Match], found: PageMatches) -> Sequence[Match]:
    """The matches of a block without the offer cues that it quotes, where it or its page speaks as a mention does: a
    warning that repeats a seller's words does not say them."""
    if not matches or not (found.is_mention or any(_speaks_of(m) for m in matches)):
        return matches
    shown = found.shown
    first, last = min(m.start for m in matches), max(m.end for m in matches)
    spans = [q.span() for q in _QUOTED.finditer(shown, max(0, first - _QUOTE_REACH), last + _QUOTE_REACH)]
    return [m for m in matches if m.rule.kind != "offer_cue" or not any(s < m.start and m.end < e for s, e in spans)]


def weigh_topic(matches: Iterable[Match], category: str, scales: Scales, sure: bool) -> list[Weighed]:
    """The category's goods and services of a block, best first, each further one counting less; ambiguous ones less
    still where the page has no unambiguous one (`sure`)."""
    best: dict[str, Match] = {}
    for match in matches:
        rule = match.rule
        if rule.is_topic and rule.category == category and not _covered(match, best.values()):
            best.setdefault(rule.id, match)
    ranked = sorted(best.values(), key=lambda m: (-_plain(m.rule, sure, scales), m.start, m.rule.id))
    out: list[Weighed] = []
    total = 0.0
    for nth, match in enumerate(ranked):
        weight = min(_plain(match.rule, sure, scales) * scales.topic_decay**nth, scales.topic_cap - total)
        if weight < 0.05:
            break
        out.append(Weighed(match, weight))
        total += weight
    return out


def _plain(rule: Rule, sure: bool, scales: Scales) -> float:
    """A topic's weight before decay."""
    return rule.weight * (1.0 if sure or not rule.ambiguous else scales.ambiguous)


def _covered(match: Match, others: Iterable[Match]) -> bool:
    """Whether a match lies inside a longer one already taken (glock in glock switch counts once)."""
    return any(o.start <= match.start and match.end <= o.end and o.rule.weight >= match.rule.weight for o in others)


def cues_by_group(matches: Iterable[Match], category: str) -> dict[str, list[Match]]:
    """Offer cues by group; those of the category itself make the group `trade`."""
    groups: dict[str, list[Match]] = {}
    for match in matches:
        rule = match.rule
        if rule.kind == "offer_cue" and rule.category in (None, category):
            groups.setdefault(rule.group or TRADE, []).append(match)
    return groups


def mentions_by_group(matches: Iterable[Match]) -> dict[str, list[Match]]:
    """Mention cues by group."""
    groups: dict[str, list[Match]] = {}
    for match in matches:
        if match.rule.kind == "mention_cue" and match.rule.group:
            groups.setdefault(match.rule.group, []).append(match)
    return groups


def against_category(matches: Iterable[Match], category: str) -> list[Match]:
    """Words that show an innocent sense of a category's terms, one match a rule."""
    found: dict[str, Match] = {}
    for match in matches:
        if match.rule.kind == "context_negative" and match.rule.category == category:
            found.setdefault(match.rule.id, match)
    return list(found.values())
