"""Every step of the base view, and the table behind it."""

from __future__ import annotations

import pytest

from nohaven.extraction.folding import DROP, SPREAD, Folding
from nohaven.extraction.views import base_view
from nohaven.extraction.words import read_words

STEPS = [
    ("&#26538;&#25903;", "枪支"),  # entities written twice arrive so
    ("&#x67AA;支 &amp; &nbsp;x", "枪支 & x"),
    ("&notit; &x; &#1; &;", "¬it; &x; &#1; &;"),  # what is no entity stays, within HTML's own prefix rule
    ("枪\u200b支 枪\u2060支 枪\ufeff支 枪\u00ad支", "枪支 枪支 枪支 枪支"),  # invisible
    ("g\u202eu\u202cn \u2066gun\u2069 \u061cgun", "gun gun gun"),  # bidi controls
    ("枪\ufe0f支 枪\U000e0101支", "枪支 枪支"),  # variation selectors
    ("g\u0336u\u0336n\u0336", "gun"),  # struck through
    ("4\ufe0f\u20e3", "4"),  # keycap
    ("g\U0001d173un \U000e0067gun", "gun gun"),  # musical and tag controls
    ("ＧＵＮ　１２３", "gun 123"),  # full width
    ("𝐠𝑢𝓃 𝕘𝚞𝔫", "gun gun"),  # mathematical
    ("ⓖⓤⓝ ①②", "gun 12"),  # enclosed
    ("🅖🅤🅝 🅶🆄🅽 🄶🅄🄽 🇬🇺🇳", "gun gun gun gun"),  # negative, squared, regional
    ("ɢᴜɴ ꜱʜᴏᴘ Ʀ", "gun shop r"),  # small capitals, and the capital of one
    ("㏄ ⒊ ⒛ ㊙ ½", "cc 3. 20. 秘 1⁄2"),  # spread over several characters
    ("⼭ ⽕", "山 火"),  # radicals
    ("ﬁre ﬀ", "fire ff"),
    ("槍支 發票 證件", "枪支 发票 证件"),  # traditional
    ("GuN ÉTÉ ŞİŞE", "gun été şi̇şe"),
    ("рaypal Ѕale gυn", "paypal sale gun"),  # look-alikes
    ("p\u200bа\u200bypal", "paypal"),  # mixed script and invisible at once
    ("p&#1072;ypal", "paypal"),  # look-alike as an entity
    ("a\u2028b\u2029c\x85d\te", "a b c d e"),  # every white space is one space
    ("a   \u3000 b", "a b"),
    ("a\x00b", "a b"),
    ("a\x1eb", "a\nb"),  # the end of a block
    ("a\ud800b", "a?b"),  # a lone surrogate
    ("", ""),
    ("\u200b\u200b", ""),
]


@pytest.mark.parametrize(("text", "expected"), STEPS)
def test_base_view(text: str, expected: str, folding: Folding) -> None:
    assert base_view(text, folding).text == expected


REAL = [
    ("продажа сахара", "продажа сахара"),  # Cyrillic words stay Cyrillic
    ("Москва, shop", "москва, shop"),  # two scripts, each in words of its own
    ("αγορά πώληση", "αγορά πώληση"),
    ("ναρκωτικά online", "ναρκωτικά online"),
    ("հայերեն", "հայերեն"),
    ("кг, см и т. д.", "кг, см и т. д."),
]


@pytest.mark.parametrize(("text", "expected"), REAL)
def test_real_words_of_other_scripts_stay(text: str, expected: str, folding: Folding) -> None:
    assert base_view(text, folding).text == expected


def test_the_table_needs_one_pass(folding: Folding) -> None:
    single = folding.table[(folding.table < SPREAD) & (folding.table != ord("\n"))]
    assert (folding.table[single] == single).all()


def test_what_is_spread_needs_no_second_pass(folding: Folding) -> None:
    assert folding.spread
    for text in folding.spread.values():
        assert all(folding.table[ord(c)] < SPREAD or folding.table[ord(c)] == DROP for c in text)


def test_quick_folding_keeps_borders_and_drops_what_is_rare(folding: Folding) -> None:
    codes = read_words("Ｇ\u200bUN\x00㏄槍", folding).folded
    assert codes.tobytes().decode("utf-32-le") == "gun\x00枪"
    assert len(read_words("", folding).folded) == 0
    assert read_words("\ud800", folding).folded.tolist() == [ord("?")]
