"""The attack suite: how many known offers are still found in disguise, against what was reached."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from nohaven.pipeline.attacks import THREE, Attack, attacks, disguised
from nohaven.pipeline.chain import load_chain
from nohaven.pipeline.labelled import read_labelled
from nohaven.store.cache import cache_folder
from nohaven.store.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
FLOORS = json.loads((ROOT / "floors" / "attacks.json").read_text(encoding="utf-8"))
TEXTS = ("held_back", "sixty", "development")


@pytest.fixture(scope="module")
def made() -> dict[str, Attack]:
    folder = ROOT / "tests" / "detection" / "texts"
    rows = [row for name in TEXTS for row in read_labelled(folder / f"{name}.jsonl", load_taxonomy().categories)]
    return {attack.disguise: attack for attack in attacks(rows, load_chain(cache_folder()))}


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_no_disguise_hides_more_than_it_did(name: str, made: dict[str, Attack]) -> None:
    assert made[name].hidden >= 60, "too few to speak of a share"
    assert made[name].kept >= FLOORS[name]


def test_every_disguise_has_a_floor(made: dict[str, Attack]) -> None:
    assert set(made) == set(FLOORS)


CASES = [
    ("fresh bread", ["bread"], "en", "full_width", "fresh ｂｒｅａｄ"),
    ("fresh bread", ["bread"], "en", "split", "fresh bread"),  # a disguise of Chinese
    ("卖枪", ["枪"], "zh", "split", "卖木仓"),
    ("bread, bread rolls", ["bread", "bread rolls"], "en", "spaced", "b r e a d, b r e a d r o l l s"),
]


@pytest.mark.parametrize(("text", "words", "language", "name", "expected"), CASES)
def test_disguised(text: str, words: list[str], language: str, name: str, expected: str) -> None:
    assert disguised(text, words, language, name, Random(1)) == expected


def test_three_at_once_is_the_same_for_the_same_seed() -> None:
    once, again = (disguised("fresh bread", ["bread"], "en", THREE, Random(5)) for _ in range(2))
    assert once == again != "fresh bread"
