"""Letters without gaps are cut into the fewest known words, and nothing is lost by it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nohaven.extraction.lexicon import Lexicon

LEXICON = Lexicon({"buy", "bread", "fresh", "in", "on", "line", "online", "card", "i", "sell", "枪支"})

CUTS = [
    ("buyfreshbread", ["buy", "fresh", "bread"]),
    ("buybreadonline", ["buy", "bread", "online"]),  # the fewest words
    ("isellcards", ["i", "sell", "cards"]),  # an English ending
    ("buy20bread", ["buy", "20", "bread"]),
    ("zqxv", ["zqxv"]),  # in no word: together
    ("buyzqxvbread", ["buy", "zqxv", "bread"]),
    ("", []),
]


@pytest.mark.parametrize(("letters", "words"), CUTS)
def test_cut(letters: str, words: list[str]) -> None:
    assert LEXICON.cut(letters) == words


@given(st.text("abdefilnorsuy0123", max_size=60))
def test_pieces_joined_are_the_letters(letters: str) -> None:
    assert "".join(LEXICON.cut(letters)) == letters


def test_an_empty_lexicon_leaves_letters_together() -> None:
    assert Lexicon().cut("iamabun") == ["iamabun"]
    assert not Lexicon().knows("bun")


def test_overlong_words_are_no_words() -> None:
    assert not Lexicon({"a" * 21}).knows("a" * 21)
