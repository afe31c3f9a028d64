"""The words of a text as the model knows them."""

from __future__ import annotations

import pytest

from nohaven.detection.phrases import phrases

CASES = [
    ("fresh bread", {"fresh", "bread", "fresh bread"}, 2, "words and pairs"),
    ("面包 店", {"面", "包", "店", "面包"}, 3, "Han together, not over a space"),
    ("新鲜面包", {"新", "鲜", "面", "包", "新鲜", "鲜面", "面包", "新鲜面", "鲜面包"}, 4, "up to three"),
    ("call 555-0142", {"call", "00", "-", "call 00", "00 -", "- 00"}, 4, "numbers are one word"),
    ("2 for 5", {"0", "for", "0 for", "for 0"}, 3, "digits are another"),
    ("@bread_example", {"<handle>"}, 1, "handles"),
    ("bread_77", {"<handle>"}, 1, "handles without a sign"),
    ("a@bread.example", {"<handle>"}, 1, "mail addresses"),
    ("https://bread.example/a?b", {"<url>"}, 1, "addresses"),
    ("bread.com", {"<url>"}, 1, "hosts"),
    ("加微信abc123", {"加", "微", "信", "加微", "微信", "加微信", "<code>"}, 4, "codes, beside Han too"),
    ("a muslim bakery", {"a", "<identity>", "bakery", "a <identity>", "<identity> bakery"}, 3, "identity"),
    ("回族面包", {"<identity>", "面", "包", "面包"}, 3, "identity in Chinese"),
    ("", set(), 0, "nothing"),
]


@pytest.mark.parametrize(("text", "expected", "tokens", "reason"), CASES)
def test_phrases(text: str, expected: set[str], tokens: int, reason: str) -> None:
    found = phrases(text, [(0, len(text))])
    assert set(found.places) == expected, reason
    assert found.tokens == tokens, reason


def test_no_phrase_reaches_over_the_end_of_a_stretch_and_places_are_the_first() -> None:
    text = "fresh bread\nfresh milk"
    found = phrases(text, [(0, 11), (12, 22)])
    assert "bread fresh" not in found.places
    assert found.places["fresh"] == (0, 5)
    assert found.places["fresh milk"] == (12, 22)
