"""The fitted model: weights learned from labelled rows for what a block shows, one visible sum.

What it learns is how much each rule, each combination of cues, each kind of topic and each phrase is worth, so that
every finding of it decomposes into reasons that quote the page, as a finding of the rules does.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nohaven.detection.matching import Match
from nohaven.detection.phrases import Phrases
from nohaven.store.packaged import packaged_folder

_MOST = 5  # groups of cues that are told apart by number
_TWICE = 3  # cues of one group that are
BIAS = "bias"  # the name of a category's own constant
PHRASE = "phrase:"  # how the names of phrases' signs begin
_PHRASES_COUNT = 4.0  # all phrases of a text together, beside a rule that counts 1: as the root of their number
_FEWEST_PHRASES = 4  # fewer count as so many


@dataclass(frozen=True, slots=True)
class Sign:
    """Something that a block shows: of a rule with the match that shows it, of a phrase with its place."""

    name: str
    value: float
    match: Match | None = None
    place: tuple[int, int] | None = None  # characters of the base view


@dataclass(frozen=True, slots=True)
class Part:
    """A sign with what it adds to the log-odds."""

    name: str
    weight: float
    match: Match | None
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Naming:
    """How a message that sells is given a category where no rule names its trade."""

    offer_at: float  # log-odds of an offer from which it is done
    sure_at: float  # probability from which a category counts as known
    weights: Mapping[str, Mapping[str, float]]  # by category, by sign; BIAS is a sign too

    def best(self, found: Sequence[Sign]) -> tuple[str, float]:
        """The likeliest category and its probability, by a softmax over the categories' sums."""
        sums = {
            category: own.get(BIAS, 0.0) + sum(own[sign.name] * sign.value for sign in found if sign.name in own)
            for category, own in self.weights.items()
        }
        top = max(sums, key=lambda category: (sums[category], category))
        return top, 1 / sum(math.exp(value - sums[top]) for value in sums.values())


class Fitted:
    """The weights. Loading takes some milliseconds."""

    __slots__ = ("_weights", "bias", "doubtful_at", "naming", "offer_at")

    def __init__(
        self,
        bias: float,
        weights: Mapping[str, float],
        offer_at: float,
        doubtful_at: float,
        naming: Naming | None = None,
    ) -> None:
        self.bias = bias
        self.offer_at = offer_at  # log-odds from which a block is an offer
        self.doubtful_at = doubtful_at  # log-odds from which a person should look
        self.naming = naming  # None: only rules name a trade
        self._weights = weights

    def parts(self, matches: Sequence[Match], said: Phrases) -> list[Part]:
        """What the matches and phrases of a block add up to, the bias first; signs without weight left out.

        What a rule is worth by itself and by the weight its author gave it is one part.
        """
        parts: list[Part] = [Part("model.bias", self.bias, None)]
        of_rule: dict[str, tuple[float, Match]] = {}
        for sign in signs(matches, said):
            weight = self._weights.get(sign.name, 0.0) * sign.value
            if sign.match is not None:
                before = of_rule.get(sign.match.rule.id, (0.0, sign.match))
                of_rule[sign.match.rule.id] = (before[0] + weight, before[1])
            elif weight:
                parts.append(Part(f"model.{sign.name}", weight, None, sign.place))
        parts += [Part(name, weight, match) for name, (weight, match) in of_rule.items() if weight]
        return parts


def signs(matches: Sequence[Match], said: Phrases) -> list[Sign]:
    """All signs of a block, in an order that the matches' order decides."""
    first: dict[str, Match] = {}
    for match in matches:
        first.setdefault(match.rule.id, match)
    found: list[Sign] = []
    for match in first.values():
        found.append(Sign(f"rule:{match.rule.id}", 1.0, match))
        found.append(Sign(f"author:{_sort(match)}", match.rule.weight, match))
    found += _combinations(list(first.values()))
    found.append(Sign(f"length:{min(6, int(math.log2(max(said.tokens, 4))) - 1)}", 1.0))
    count = _PHRASES_COUNT / math.sqrt(max(_FEWEST_PHRASES, len(said.places)))
    found += (Sign(PHRASE + name, count, None, place) for name, place in said.places.items())
    return found


def _combinations(matches: Sequence[Match]) -> Iterable[Sign]:
    """How many topics, and of how many groups cues, there are, and what stands together."""
    counts: Counter[str] = Counter()
    categories: Counter[str] = Counter()
    for match in matches:
        counts[_sort(match)] += 1
        counts["disguised"] += match.disguise is not None
        if match.rule.is_topic:
            counts["any_topic"] += 1
            categories[match.rule.category or ""] += 1
        elif match.rule.group or match.rule.kind == "offer_cue":
            counts[f"{match.rule.kind}:{match.rule.group or 'trade'}"] += 1
    for name in sorted(counts):
        for number in range(1, min(counts[name], _TWICE) + 1):
            yield Sign(f"{name}:{number}", 1.0)
    for kind in ("offer_cue", "mention_cue"):
        groups = sum(name.startswith(f"{kind}:") for name in counts)
        for number in range(1, min(groups, _MOST) + 1):
            yield Sign(f"{kind}_groups:{number}", 1.0)
    if categories:
        yield Sign(f"category:{min(categories, key=lambda c: (-categories[c], c))}", 1.0)
        if counts["offer_cue"]:
            yield Sign("topic_and_cue", 1.0)


def _sort(match: Match) -> str:
    """The sort of sign that a rule is."""
    if match.rule.is_topic:
        return "ambiguous_topic" if match.rule.ambiguous else "sure_topic"
    return match.rule.kind


def _model_file() -> Path:
    return packaged_folder("resources") / "model.json"


def model_sha256() -> str:
    """SHA-256 of the packaged model, by which runs name it."""
    return hashlib.sha256(_model_file().read_bytes()).hexdigest()


def load_fitted() -> Fitted:
    """The packaged model, `resources/model.json`; see its own fields for what it was fitted on."""
    table = json.loads(_model_file().read_text(encoding="utf-8"))
    weights = cast(dict[str, float], table["weights"])
    categories = cast(dict[str, dict[str, float]], table["categories"])
    naming = Naming(float(table["unnamed_offer_at"]), float(table["sure_category_at"]), categories)
    return Fitted(
        float(table["bias"]),
        weights,
        float(table["offer_at"]),
        float(table["doubtful_at"]),
        naming if categories else None,
    )
