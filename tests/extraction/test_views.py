"""Side views undo disguises, and every place of every view leads back to the original spelling."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nohaven.extraction.folding import Folding, load_folding
from nohaven.extraction.lexicon import Lexicon
from nohaven.extraction.views import base_view, read_views
from nohaven.records.page import BLOCK_END
from nohaven.records.view import SideView, Views

FOLDING = load_folding()
LEXICON = Lexicon()

DISGUISES = [
    ("出售枪 支 弹药", "枪支"),  # one Han character stands alone
    ("枪.支", "枪支"),
    ("枪-支", "枪支"),
    ("发·票", "发票"),
    ("發　票", "发票"),  # traditional and spaced
    ("枪，支", "枪支"),
    ("g u n shop", "gun"),
    ("g.u.n", "gun"),
    ("b-u-y g_u_n", "gun"),
    ("Ｇ．Ｕ．Ｎ", "gun"),  # full width and spaced
    ("枪💰支", "枪支"),  # a picture between
    ("枪❤️支", "枪支"),  # with its variation selector
    ("木仓支", "枪支"),  # halves
    ("木仓 支", "枪支"),  # halves, then a space
    ("木 仓 支", "枪支"),  # the halves themselves apart
    ("gl0ck", "glock"),
    ("p3rcs $ale", "percs"),
    ("gl!ck", "glick"),
    ("c@rd", "card"),
]


@pytest.mark.parametrize(("text", "word"), DISGUISES)
def test_disguise_is_undone(text: str, word: str, folding: Folding) -> None:
    views = read_views(text, folding, LEXICON)
    found = [_original(text, views, side, word) for side in views.sides if word in side.text]
    assert found, [side.text for side in views.sides]
    spelled, place = found[0]
    assert 0 <= place[0] < place[1] <= len(text)
    assert spelled  # the quote is the page's own spelling


def _original(text: str, views: Views, side: SideView, word: str) -> tuple[str, tuple[int, int]]:
    at = side.text.index(word)
    inside = side.origin(at, at + len(word))
    assert inside is not None
    start, end = views.base.origin(*inside)
    return text[start:end], (start, end)


KNOWN = Lexicon(
    {"buy", "gun", "glock", "cheap", "prescription", "sell", "card", "fee", "枪支", "no", "kyc", "for", "sale"}
)
PLAIN = [
    ("b u y c h e a p g u n s", "buy cheap guns"),
    ("B.u.y G*u*n", "buy gun"),
    ("prescr iption", "prescription"),  # broken in two
    ("gl0ck", "glock"),
    ("g1ock n0 kyc", "glock no kyc"),  # 1 for l; a short word beside a long one
    ("n0 kyc", "n0 kyc"),  # a short word alone may be a model name
    ("mp3s", "mp3s"),  # makes no known word
    ("gu⭐n ca✅rd", "gun card"),
    ("g u n f 0 r s 4 l e", "gun for sale"),  # apart and mixed
    ("b u у c h е a p", "buy cheap"),  # Cyrillic letters alone
    ("f e e 2 0 %", "fee 20%"),
    ("木仓支", "枪支"),
    ("枪⭐支", "枪支"),
    ("木仓库", "木仓库"),  # halves that make no known pair
    ("д о м", "д о м"),  # a row of another script
    ("a b c d", "a b c d"),
    ("gen5 x11 and 100k", "gen5 x11 and 100k"),  # a word with an ending, and too few letters, are models and sums
    ("甲、乙、丙、丁", "甲、乙、丙、丁"),  # no known pair
    ("男/女 姓名│年龄 北京→上海", "男/女 姓名│年龄 北京→上海"),
    ("gl0ck " + "bread " * 60 + "n0", "glock " + "bread " * 60 + "n0"),  # a short word far from a sure one
    ("a b c d e f g n o", "a b c d e f g n o"),  # most of the row is in no word
]


@pytest.mark.parametrize(("text", "plain"), PLAIN)
def test_the_plain_view_undoes_what_makes_known_words(text: str, plain: str, folding: Folding) -> None:
    view = read_views(text, folding, KNOWN).plain
    assert view.text == plain
    assert view.origin(0, len(plain)) == (0, len(text))


@pytest.mark.parametrize("text", ["The gun is cheap; we sell bread.", "枪支 没有 出售", ""])
def test_where_nothing_is_hidden_the_plain_view_is_the_base_view(text: str, folding: Folding) -> None:
    views = read_views(text, folding, KNOWN)
    assert views.plain is views.base


SPELLINGS = [
    ("买 木仓 支 吗", "枪支", "木仓 支"),
    ("a Ｇ．Ｕ．Ｎ b", "gun", "Ｇ．Ｕ．Ｎ"),
    ("x 枪❤️支 y", "枪支", "枪❤️支"),
    ("new GL0CK here", "glock", "GL0CK"),
]


@pytest.mark.parametrize(("text", "word", "spelled"), SPELLINGS)
def test_the_quote_is_the_whole_disguised_spelling(text: str, word: str, spelled: str, folding: Folding) -> None:
    views = read_views(text, folding, LEXICON)
    side = next(s for s in views.sides if word in s.text)
    assert _original(text, views, side, word)[0] == spelled


BORDERS = ["枪{}支", "木{}仓", "g u{}n", "g.{}u.n", "枪 {}支", "枪💰{}支", "gl0{}ck"]


@pytest.mark.parametrize("text", BORDERS)
def test_nothing_is_joined_over_the_end_of_a_block(text: str, folding: Folding) -> None:
    views = read_views(text.format(BLOCK_END), folding, LEXICON)
    for side in views.sides:
        assert not any(word in side.text for word in ("枪支", "枪\n支", "gun", "glock"))


def test_a_spaced_word_at_the_end_of_a_block_is_found(folding: Folding) -> None:
    views = read_views(f"buy g.u.n{BLOCK_END}a big shop", folding, LEXICON)
    assert "gun" in views.sides[0].text


PROSE = [
    "Hello! The shop opens at nine. We sell bread, milk and eggs; please come in, all of you.",
    "What a day! Really? Yes! (He said so.) It's well-known - a state-of-the-art kitchen.",
    "你好，世界。今天天气很好，我们一起去公园散步，晚上回家吃饭。",
    "欢迎来到本站 新闻中心 体育频道 财经要闻",
    "Сегодня хорошая погода, мы идём гулять в парк.",
    "1,234.56 and 2026-11-24 at 08:34, room 12",
    "U.S. and e.g. are short",
    "",
]


@pytest.mark.parametrize("text", PROSE)
def test_ordinary_prose_makes_no_side_view(text: str, folding: Folding) -> None:
    assert read_views(text, folding, LEXICON).sides == ()


def test_context_alone_is_no_match(folding: Folding) -> None:
    """A word beside a disguise, and itself plain, is found in the base view only."""
    side = read_views("gun 枪 支", folding, LEXICON).sides[0]
    at = side.text.index("gun")
    assert side.origin(at, at + 3) is None


def test_floods_make_views_in_bounds(folding: Folding) -> None:
    for text in ("枪 " * 50_000, "g." * 50_000, "木仓" * 50_000, "a1" * 50_000, "枪💰" * 50_000, "&#1;" * 20_000):
        views = read_views(text, folding, LEXICON)
        assert sum(len(s.text) for s in views.sides) <= 4 * len(text)


PIECES = st.sampled_from(
    [  # noqa: RUF005 (four kinds of pieces)
        "枪",
        "支",
        "木仓",
        "木",
        "仓",
        "槍",
        "發票",
        "g",
        "u",
        "n",
        "GUN",
        "gl0ck",
        "Ｇ",
        "𝐠",
        "ⓖ",
        "🅖",
        "㏄",
        "⒊",
        "ﬁ",
        "ꜱ",
    ]
    + ["\u200b", "\u202e", "\ufe0f", "\u0336", "\x00", BLOCK_END, "\u2028", " ", "  ", ".", "-", "，", "·", "💰", "❤️"]
    + [
        "а",
        "р",
        "о",
        "α",
        "paypаl",
        "продажа",
        "&#26538;",
        "&amp;",
        "&nbsp;",
        "&notit;",
        "&",
        ";",
        "İ",
        "ß",
        "é",
        "\ud800",
        "1",
        "@",
    ]
)
MIXES = st.lists(PIECES | st.text(max_size=3), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(MIXES)
def test_every_place_of_the_base_view_is_in_the_text_and_in_order(text: str) -> None:
    view = base_view(text, FOLDING)
    assert len(view.starts) == len(view.ends) == len(view.text)
    before = (0, 0)
    for i in range(len(view.text)):
        start, end = view.origin(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert start >= before[0]
        assert end >= before[1]
        before = (start, end)


@settings(max_examples=300, deadline=None)
@given(MIXES, st.data())
def test_the_original_of_a_hit_reads_as_the_hit(text: str, data: st.DataObject) -> None:
    view = base_view(text, FOLDING)
    words = view.text.replace("\n", " ").split(" ")
    word = data.draw(st.sampled_from(words))
    if not word:
        return
    at = view.text.index(word)
    start, end = view.origin(at, at + len(word))
    assert word in base_view(text[start:end], FOLDING).text


@settings(max_examples=300, deadline=None)
@given(MIXES, st.data())
def test_every_place_of_a_side_view_leads_back(text: str, data: st.DataObject) -> None:
    views = read_views(text, FOLDING, LEXICON)
    for side in views.sides:
        start = data.draw(st.integers(0, len(side.text) - 1))
        stop = side.text.index("\n", start)
        if stop == start:
            continue
        place = side.origin(start, data.draw(st.integers(start + 1, stop)))
        if place is None or place[0] >= place[1]:
            continue
        assert 0 <= place[0] < place[1] <= len(views.base.text)
        assert "\n" not in views.base.text[slice(*place)]
        first, last = views.base.origin(*place)
        assert 0 <= first < last <= len(text)


@settings(max_examples=200, deadline=None)
@given(MIXES)
def test_side_lines_are_their_stretch_with_the_edits_done(text: str) -> None:
    views = read_views(text, FOLDING, LEXICON)
    for side in views.sides:
        for line in side.lines:
            body = side.text[line.at : side.text.index("\n", line.at)]
            at, rebuilt = line.first, ""
            for start, end, new in line.edits:
                rebuilt += views.base.text[at:start] + new
                at = end
            assert body.startswith(rebuilt)
            assert views.base.text.startswith(body[len(rebuilt) :], at)
