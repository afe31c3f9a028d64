"""Each disguise changes what it can and leaves the rest."""

from __future__ import annotations

from html import unescape
from random import Random

import pytest

from nohaven.exercise.disguise import DISGUISES

CASES = [
    ("split", "手枪", "手木仓"),
    ("spaced", "枪支", "枪 支"),
    ("spaced", "gun", "g u n"),
    ("full_width", "K粉", "Ｋ粉"),
    ("enclosed", "gun", "ⓖⓤⓝ"),
    ("traditional", "证书", "證書"),
    ("split", "gun", "gun"),  # nothing to split in Latin letters
]


@pytest.mark.parametrize(("name", "plain", "hidden"), CASES)
def test_disguise(name: str, plain: str, hidden: str) -> None:
    assert DISGUISES[name](plain, Random(1)) == hidden


def test_entities_read_as_the_word_itself() -> None:
    assert unescape(DISGUISES["entities"]("枪支 gun", Random(1))) == "枪支 gun"
