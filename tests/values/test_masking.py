"""Card numbers and resident ids are overwritten in every spelling; everything else stays."""

# ruff: noqa: E501 (cases and pages stand one a line)
from __future__ import annotations

import re
import time
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nohaven.values.masking import (
    _MARKUP_RUN,
    _SIGNS,
    _TEXT_RUN,
    _numbers,
    _numbers_by_digit,
    _surely_none,
    mask_markup,
    mask_text,
)

CARD = "4111111111111111"
RESIDENT = "11010519491231002X"
FULL_WIDTH = str.maketrans({ord("0") + n: 0xFF10 + n for n in range(10)} | {ord("X"): "Ｘ"})
BOTH = (mask_text, mask_markup)
Mask = Callable[[str], str]

TEXT = [
    (CARD, "*" * 16),
    ("4111 1111 1111 1111", "**** **** **** ****"),
    ("4111-1111-1111-1111", "****-****-****-****"),
    ("4111.1111.1111.1111", "****.****.****.****"),
    ("4111 1111-1111 1111", "**** ****-**** ****"),  # separators mixed, but by fours
    ("4111\u20131111\u20131111\u20131111", "****\u2013****\u2013****\u2013****"),  # en dash
    ("4111 - 1111 - 1111 - 1111", "**** - **** - **** - ****"),
    ("3782 822463 10005", "**** ****** *****"),
    (" ".join(CARD), " ".join("*" * 16)),
    (CARD.translate(FULL_WIDTH), "*" * 16),
    ("4111　1111　1111　1111".translate(FULL_WIDTH), "****　****　****　****"),
    ("④①①①①①①①①①①①①①①①", "*" * 16),  # circled
    ("\u200b".join(CARD), "\u200b".join("*" * 16)),
    (("\u200b" * 9).join(CARD), ("\u200b" * 9).join("*" * 16)),  # however many
    ("4111\u00ad1111\u202a1111\u20601111", "****\u00ad****\u202a****\u2060****"),
    ("4\ufe0f\u20e3" + CARD[1:], "*\ufe0f\u20e3" + "*" * 15),  # a keycap
    ("4111\x001111\x001111\x001111", "****\x00****\x00****\x00****"),
    (f"{CARD}|12|2027|123|J DOE", "*" * 16 + "|12|2027|123|J DOE"),  # a line of a dump
    (f"{CARD}=27121010000012300000", "*" * 16 + "=27121010000012300000"),  # track two
    (f"card {CARD} 12/27 123", f"card {'*' * 16} 12/27 123"),
    (f"1 {CARD}", f"1 {'*' * 16}"),  # a line number before it
    (f"no{CARD}x", f"no{'*' * 16}x"),  # x is a check character only in eighteenth place
    (f"12x{CARD}x2", f"12x{'*' * 16}x2"),
    (f"{CARD}, 5555555555554444", f"{'*' * 16}, {'*' * 16}"),
    (f"{CARD}\n5555555555554444", f"{'*' * 16}\n{'*' * 16}"),
    ("http://a.example/?c=4111%201111%201111%201111", "http://a.example/?c=****%20****%20****%20****"),
    ("http://a.example/?c=4111+1111+1111+1111&d=1", "http://a.example/?c=****+****+****+****&d=1"),
    (RESIDENT, "*" * 18),
    (RESIDENT.lower(), "*" * 18),
    (RESIDENT.translate(FULL_WIDTH), "*" * 18),
    ("110105 19491231 002X", "****** ******** ****"),
    ("110105-19491231-002X", "******-********-****"),
    (" ".join(RESIDENT), " ".join("*" * 18)),
    (f"身份证号{RESIDENT}，张三", f"身份证号{'*' * 18}，张三"),
    (f"张三|{RESIDENT}|13800138000", f"张三|{'*' * 18}|13800138000"),
]


@pytest.mark.parametrize("mask", BOTH)
@pytest.mark.parametrize(("text", "expected"), TEXT)
def test_hidden_in_text_and_in_mark_up(mask: Mask, text: str, expected: str) -> None:
    assert mask(text) == expected


MARKUP = [
    ("4111<b>1111</b>1111<i>1111</i>", "****<b>****</b>****<i>****</i>"),
    ("<td>4111</td>\n            <td>1111</td><td>1111</td><td>1111</td>", "<td>****</td>\n            <td>****</td><td>****</td><td>****</td>"),
    (f'4111<span style="{"a:b;" * 150}">1111</span>11111111', f'****<span style="{"a:b;" * 150}">****</span>********'),
    ("4111<!-- x -->1111 1111 1111", "****<!-- x -->**** **** ****"),
    ("<b>4</b><b>1</b>" + "".join(f"<b>{c}</b>" for c in CARD[2:]), "<b>*</b>" * 16),
    ("4111&nbsp;1111&#160;1111&#xa0;1111", "****&nbsp;****&#160;****&#xa0;****"),
    ("4111&shy;1111&zwnj;1111&#8203;1111", "****&shy;****&zwnj;****&#8203;****"),
    ("4111&ndash;1111&#45;1111&#x2011;1111", "****&ndash;****&#45;****&#x2011;****"),
    ("4111<b>1111</b>&nbsp;1111&#45;1111", "****<b>****</b>&nbsp;****&#45;****"),
    ("".join(f"&#{ord(c)};" for c in CARD), "*" * 80),
    ("".join(f"&#x{ord(c):x};" for c in CARD), "*" * 96),
    ("".join(f"&#{ord(c) + 0xFEE0};" for c in CARD), "*" * 128),  # full-width digits as entities
    (f"&#52;{CARD[1:]}", "*" * 20),
    (f'<a href="/buy?card={CARD}">x</a>', f'<a href="/buy?card={"*" * 16}">x</a>'),
    ("110105<wbr>19491231<wbr>002X", "******<wbr>********<wbr>****"),
    (f'{{"id":"{RESIDENT}"}}', f'{{"id":"{"*" * 18}"}}'),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), MARKUP)
def test_hidden_in_mark_up(markup: str, expected: str) -> None:
    assert mask_markup(markup) == expected


LONG_ROWS = [
    ("999" + CARD + "88888", CARD),
    ("1" * 30 + RESIDENT[:17] + "1" + "2" * 30, RESIDENT[:17]),
    (CARD + "5555555555554444" + CARD, CARD),
]


@pytest.mark.parametrize("mask", BOTH)
@pytest.mark.parametrize(("row", "hidden"), LONG_ROWS)
def test_no_number_is_left_in_a_row_of_digits(mask: Mask, row: str, hidden: str) -> None:
    assert hidden not in mask(row)


STAYS = [
    "13800138000 13900139000 13700137000",  # mobile numbers in a row
    "+86 138 0013 8000 / +86 139 0013 9000",
    "400-555-0109, 400-555-0103, 400-555-0168",
    "400-820-8888 400-820-9999 400-820-0000",
    "(555) 010-4477, (555) 010-9921",
    "+1 555 010 4477 +44 7700 900123",
    "2026-11-24 08:34:11",
    "2026-11-24T08:34:11.123456Z",
    "24.11.2026 - 25.11.2026",
    "20261124083411",  # a date and time without signs
    "1764000000000",  # milliseconds
    "$4,111.11 $5,222.22 $6,333.33",
    "4100 4200 4300 4400 4500",
    "Order 4111111111111112",  # check digit wrong
    "订单号 20261124123456",
    "ISBN 978-0-306-40615-7",
    "1920x1080 2560x1440 3840x2160",
    "QQ 123456789 微信 wx1234567",
    "0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0",
    "6227-0000",
    "110105 1990 13 01 0011",  # month 13
    "",
    "no digits at all",
]


@pytest.mark.parametrize("mask", BOTH)
@pytest.mark.parametrize("text", STAYS)
def test_what_is_no_such_number_stays_the_very_same(mask: Mask, text: str) -> None:
    assert mask(text) is text


def test_a_table_of_numbers_stays() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{n * 3}</td><td>{n * 7}</td></tr>\n" for n in range(101, 109))
    assert mask_markup(rows) == rows


def test_phones_in_a_row_are_rarely_taken_for_a_card() -> None:
    rng = Random(20261124)
    lists = [", ".join(f"400-{rng.randint(100, 999)}-{rng.randint(0, 9999):04}" for _ in range(4)) for _ in range(500)]
    assert sum(mask_text(text) != text for text in lists) <= 10


SPELLINGS = st.sampled_from(["", " ", "-", "\u200b", "\u200b\u200b", " \u200b"])


@given(st.sampled_from([CARD, "378282246310005", "6011111111111117", RESIDENT]), SPELLINGS, st.text(max_size=8))
def test_length_and_surroundings_are_kept(number: str, separator: str, around: str) -> None:
    around = "".join(c for c in around if not c.isdigit())
    text = f"{around}a{separator.join(number)}b{around}"
    for mask in BOTH:
        masked = mask(text)
        assert len(masked) == len(text)
        assert masked.startswith(around + "a")
        assert masked.endswith("b" + around)
        assert not any(c.isdecimal() for c in masked)


@given(st.text(alphabet="0123456789Xx -./<>b&#;%+\u200b１٣④\ud800", max_size=120))
def test_any_mix_keeps_its_length(text: str) -> None:
    for mask in BOTH:
        masked = mask(text)
        assert len(masked) == len(text)
        assert all(new in (old, "*") for new, old in zip(masked, text, strict=True))


FLOODS = [
    ("digits", "4" * 200_000),
    ("spaced digits", "4 " * 100_000),
    ("digits and X", "1x" * 100_000),
    ("entity digits", "&#49;" * 50_000),
    ("open tags", "1<" * 100_000),
    ("long tags", ("1<" + "a" * 1990) * 500),
    ("many tags", ("1" + "<b>" * 11) * 10_000),
    ("long gaps", ("1" * 11 + " " * 50_000) * 5),
    ("unseen", ("1" + "\u200b" * 500) * 500),
    ("ampersands", ("1&" + "a" * 20) * 10_000),
    ("plus signs", "1+" * 100_000),
]


@pytest.mark.parametrize("mask", BOTH)
@pytest.mark.parametrize("flood", [text for _, text in FLOODS], ids=[name for name, _ in FLOODS])
def test_floods_end_in_time(mask: Mask, flood: str) -> None:
    began = time.process_time()
    assert len(mask(flood)) == len(flood)
    assert time.process_time() - began < 6  # 1 s on a slow machine; a square would take minutes


PIECES = st.sampled_from([CARD, "378282246310005", RESIDENT, "12.5", "2019", "0.01180000", "7", "X", "4111", "00"])
BETWEEN = st.sampled_from(["", " ", "-", ".", ", ", "<b>", "%20", "/", "\n"])


@given(st.lists(st.tuples(PIECES, BETWEEN), min_size=2, max_size=8))
def test_the_quick_no_agrees_with_the_slow_look(pieces: list[tuple[str, str]]) -> None:
    """A run that is said to hold no number, row by row, holds none digit by digit."""
    text = "".join(piece + between for piece, between in pieces)
    for match in _MARKUP_RUN.finditer(text):
        if _surely_none(text, *match.span()):
            assert not list(_numbers_by_digit(text, *match.span()))


LOOSE = st.sampled_from(
    [CARD, CARD[:4], CARD[4:8], "378282246310005", RESIDENT, RESIDENT[:17] + "X", "12.5", "20", "%", "%20", "x", "&", "&#52;", "&#x35;", "&nbsp;",
     "&amp;", "#", "<b>", '<a href="', '">', "</td>", "<", ">", " ", "\n  ", "-", ",", "+", "\u200b", "４", "④", "a", "：", "\U0001f0a1", "4 4 4 4"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(LOOSE, max_size=40))
def test_in_a_long_text_no_number_is_passed_over(pieces: list[str]) -> None:
    """What a search of the whole text hides, the quick one for long texts hides too."""
    text = "".join(pieces) + " and so on" * 250
    for mask, run in ((mask_text, _TEXT_RUN), (mask_markup, _MARKUP_RUN)):
        masked = mask(text)
        hidden = [place for match in run.finditer(text) for place in _numbers(text, *match.span())]
        assert {masked[start] for start, _ in hidden} <= {"*"}
        assert len(masked) == len(text)


FILLER = " and so on" * 250


@pytest.mark.parametrize(("text", "expected"), [*TEXT, *MARKUP])
def test_hidden_in_long_mark_up(text: str, expected: str) -> None:
    assert mask_markup(f"{FILLER} {text}{FILLER}") == f"{FILLER} {expected}{FILLER}"


@pytest.mark.parametrize("text", STAYS)
def test_what_is_no_such_number_stays_in_a_long_text(text: str) -> None:
    assert mask_text(f"{FILLER} {text} {FILLER}") == f"{FILLER} {text} {FILLER}"


def test_nothing_within_a_number_lies_beyond_the_table() -> None:
    assert not re.search(f"[{_SIGNS.digits}{_SIGNS.gaps}]", "".join(map(chr, range(0x20000, 0x110000))))
