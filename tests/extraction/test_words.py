"""White space of a page's words: collapsed, and borders of text nodes told from it."""

from __future__ import annotations

import pytest

from nohaven.extraction.folding import Folding, load_folding
from nohaven.extraction.words import read_words


@pytest.fixture(scope="module")
def folding() -> Folding:
    return load_folding()


CASES = [
    ("a  b\n\tc", "a b c", "a b c", "white space collapses"),
    ("  a\x00 ", "a", "a", "none is left at either end"),
    ("\x00a\x00", "a", "a", "nor is a border"),
    ("g\x00u\x00n", "g u n", "g\x00u\x00n", "a border without white space is told from it"),
    ("a \x00b", "a b", "a b", "white space before a border swallows it"),
    ("a\x00 b", "a b", "a b", "and behind it"),
    ("a \x00 \x00 b", "a b", "a b", "and on both sides of several"),
    ("a\x00\x00b", "a b", "a b", "two borders hold a node without words between them"),
    ("a\u3000\u00a0b", "a b", "a b", "wide and hard spaces are white space"),
    ("Ａ\u200bB", "Ａ\u200bB", "ab", "the plain text is as it was written"),
    (" \x00\n", "", "", "no words"),
    ("", "", "", "nothing"),
]


@pytest.mark.parametrize(("text", "plain", "folded", "reason"), CASES)
def test_words(text: str, plain: str, folded: str, reason: str, folding: Folding) -> None:
    words = read_words(text, folding)
    assert words.plain == plain, reason
    assert words.folded.tobytes().decode("utf-32-le") == folded, reason
