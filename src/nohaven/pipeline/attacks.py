"""The attack suite: known offers with the words that give them away in disguise, and how many are still found.

The words hidden are those that detection itself went by, which is the worst that a seller could guess: of every offer
found, all places of its goods, trade words and channels that rules matched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from nohaven.exercise.disguise import DISGUISES, IN_LANGUAGE
from nohaven.pipeline.chain import Chain
from nohaven.records.capture import Capture
from nohaven.records.labelled import LabelledRow
from nohaven.records.offer import Finding

THREE = "three at once"


@dataclass(frozen=True, slots=True)
class Attack:
    """What one disguise did."""

    disguise: str
    hidden: int  # offers found in the open in which it changed something
    found: int  # of those, still found

    @property
    def kept(self) -> float:
        """Share still found; 1 where nothing could be hidden."""
        return self.found / self.hidden if self.hidden else 1.0


def attacks(rows: Iterable[LabelledRow], chain: Chain, seed: int = 1) -> list[Attack]:
    """Every disguise of the exercise, and three at once, on the offers among rows that are found in the open."""
    open_offers = [(row, words) for row in rows if row.is_offer and (words := _words(_offers(row.text, chain)))]
    names = [*DISGUISES, THREE]
    return [_attack(name, open_offers, chain, seed) for name in names]


def _attack(name: str, offers: Sequence[tuple[LabelledRow, list[str]]], chain: Chain, seed: int) -> Attack:
    hidden = found = 0
    for row, words in offers:
        text = disguised(row.text, words, row.language, name, Random(f"{seed} {name} {row.id}"))
        if text != row.text:
            hidden += 1
            found += bool(_offers(text, chain))
    return Attack(name, hidden, found)


def disguised(text: str, words: Iterable[str], language: str, name: str, rng: Random) -> str:
    """A text with words under one disguise, or under three that its language has, one upon the other; the very same
    where the language has none of that name."""
    own = IN_LANGUAGE["zh" if language == "zh" else "en"]
    chosen = rng.sample(own, 3) if name == THREE else [name] if name in own else []
    for word in sorted(words, key=lambda w: (-len(w), w)):
        hidden = word
        for one in sorted(chosen, key="entities".__eq__):  # entities last: they spell out what the others made
            hidden = DISGUISES[one](hidden, rng)
        text = text.replace(word, hidden)
    return text


def _offers(text: str, chain: Chain) -> list[Finding]:
    """The offers that detection finds in a text."""
    payload = text.encode("utf-8", "replace")
    digest = hashlib.sha256(payload).hexdigest()
    outcome = chain.outcome(Capture("urn:nohaven:row", payload, digest, "text/plain", "-", 0, len(payload)))
    return [finding for finding in outcome.verdict.findings if finding.band == "offer"]


def _words(findings: Iterable[Finding]) -> list[str]:
    """The words of rules that speak for an offer, of two characters or more."""
    return sorted(
        {
            reason.quote
            for finding in findings
            for reason in finding.reasons
            if reason.weight > 0 and len(reason.quote) > 1 and not reason.rule_id.startswith(("model.", "structure."))
        }
    )
