"""The language of a text, or none where nothing can be said."""

from __future__ import annotations

import pytest

from nohaven.extraction.language import Languages

CASES = [
    ("We bake fresh bread every morning and deliver it to your door.", "en"),
    ("我们每天早上烘焙新鲜的面包，并且送货上门，欢迎来电订购。", "zh"),
    ("我們每天早上烘焙新鮮的麵包，並且送貨上門，歡迎來電訂購。", "zh"),
    ("Мы печём свежий хлеб каждое утро и доставляем его домой.", "ru"),
    ("Wir backen jeden Morgen frisches Brot und liefern es nach Hause.", "de"),
    ("毎朝、新鮮なパンを焼いてお届けしています。ご注文をお待ちしております。", "ja"),
    ("우리는 매일 아침 신선한 빵을 구워 집으로 배달합니다.", "ko"),
    ("We bake fresh bread\nevery morning\x00and deliver\u2028it to your door.", "en"),
    ("We bake fresh bread every morning \ud800 and deliver it.", "en"),  # a lone surrogate
    ("Home 网站 " + "我们每天早上烘焙新鲜的面包，并且送货上门，欢迎来电订购。" * 40, "zh"),  # a menu in front
    ("OK, bye", None),  # too few letters
    ("12345 67890 12345 67890", None),
    ("", None),
    ("\ud800" * 50, None),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_language(text: str, expected: str | None, languages: Languages) -> None:
    assert languages.of(text) == expected


def test_names_have_two_letters(languages: Languages) -> None:
    """Cebuano has no two-letter name; cut to two letters it would be Chechen."""
    text = "Ang lungsod nahimutang sa amihanan sa isla ug ang mga tawo didto nagpuyo duol sa dagat ug sa bukid."
    assert languages.of(text) != "ce"
