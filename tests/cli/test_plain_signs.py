"""Every reason without words of the page says in plain words what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nohaven.cli.plain_signs import meaning
from nohaven.detection.fitted import PHRASE
from nohaven.detection.scoring import CHECKS

MODEL = Path(__file__).parents[2] / "resources" / "model.json"

CASES = [
    ("model.any_topic:1", "words for goods"),
    ("model.any_topic:3", "3 or more words for goods"),
    ("model.offer_cue:contact:2", "2 or more cues of contact"),
    ("model.mention_cue:police:1", "cues of police (a mention)"),
    ("model.length:2", "how long the text is"),
    ("model.category:drugs", "where offers of the category start from"),
    ("model.phrases", "all other words of the text together"),
    ("model.phrase", ""),  # its words on the page say it
    ("weapons.en.glock", ""),
]


@pytest.mark.parametrize(("name", "expected"), CASES)
def test_meaning(name: str, expected: str) -> None:
    assert meaning(name) == expected


def test_no_sign_of_the_model_and_no_check_is_without_words() -> None:
    weights = json.loads(MODEL.read_text(encoding="utf-8"))["weights"]
    signs = [f"model.{name}" for name in weights if not name.startswith(("rule:", "author:", PHRASE))]
    assert [name for name in [*signs, "model.bias", *(name for name, _ in CHECKS)] if not meaning(name)] == []
