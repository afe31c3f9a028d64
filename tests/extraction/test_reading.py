"""Whole pages, as they are met: what the skim and the contents say of them."""

# ruff: noqa: E501 (cases and pages stand one a line)
from __future__ import annotations

import dataclasses

import pytest
from conftest import Read, capture_of

from nohaven.extraction.reading import Tools, page_id, skim
from nohaven.records.lists import BLOCK_ROLES, PAGE_KINDS
from nohaven.records.page import Contents, joined

SHOP = """<!doctype html><html lang=en><head><title>Rye loaf - Bakery</title><meta name=description content="Fresh rye bread">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"Product","name":"Rye loaf","offers":{"@type":"Offer"}}</script>
</head><body><nav><a href=/>Home</a></nav><h1>Rye loaf</h1><p>Baked every morning from whole grain. Order by phone or mail today.</p>
<button>Add to cart</button><footer>Bakery Example</footer></body></html>"""
SHOP_ZH = """<html><head><meta charset=gbk><title>黑麦面包 - 面包店</title></head><body><ul><li>每天早上新鲜烘焙的黑麦面包</li>
<li>欢迎来电订购，送货上门，价格优惠</li></ul></body></html>""".encode("gbk")
THREAD = """<html><head><title>Which flour? - Baking board</title><meta name=generator content="phpBB"></head><body>
<div class=postbody>I always use the flour from the mill near our village, it keeps well.</div>
<div class=postbody><blockquote>I always use the flour</blockquote>Me too, and the price is good.</div></body></html>"""
THREAD_ZH = """<html><head><title>面粉讨论 - 论坛</title><meta name="generator" content="Discuz! X3.4"></head><body><table><tr>
<td class="t_f">我一直用村里磨坊的面粉，保存时间长，味道也很好。</td></tr></table></body></html>"""
NEWS = """<html><head><title>Bakers meet in the capital</title><meta property=og:type content=article></head><body><article>
<h1>Bakers meet in the capital</h1><p>Three hundred bakers met on Tuesday to speak about the price of wheat.</p></article>
<div class=comments><p>Good to read about it.</p></div></body></html>"""
NEWS_ZH = """<html><head><title>面包师大会在首都举行</title><script type="application/ld+json">{"@type":"NewsArticle"}</script></head>
<body><p>三百名面包师周二在首都开会，讨论小麦价格上涨的问题。</p></body></html>"""
LOGIN = "<html><head><title>Members</title></head><body><form>Name <input> Word <input type=password><input type=submit value=Go></form></body></html>"
LOGIN_ZH = "<html><head><title>用户登录</title></head><body><form><label>用户名</label><input><button>登录</button></form></body></html>"
SEARCH = "<html><head><title>Results for cheap rye bread</title></head><body><p>You searched for cheap rye bread and we found nothing at all.</p></body></html>"
MESSAGE_ZH = "<html><head><title>面包频道</title></head><body><div class=tgme_widget_message_text>今日新鲜面包上架，需要的朋友请私信联系我们。</div></body></html>"
PLAIN = (
    "Bread for sale, baked this very morning by the village baker.\n\nCall in the morning, please; we close at noon."
)
BARE = "<p>Hi"

SHAPES = [
    ("shop", SHOP, "https://bakery.example/p/1", "text/html", "shop", "en", {"title", "meta", "script", "nav", "heading", "body", "form", "footer"}),
    ("shop in GBK", SHOP_ZH, "https://bakery.example/", "text/html", "other", "zh", {"title", "list_item"}),
    ("thread", THREAD, "https://board.example/1", "text/html", "thread", "en", {"title", "post", "quote"}),
    ("thread zh", THREAD_ZH, "https://board.example/2", "text/html", "thread", "zh", {"title", "post"}),
    ("news", NEWS, "https://news.example/1", "text/html", "article", "en", {"title", "heading", "body", "comment"}),
    ("news zh", NEWS_ZH, "https://news.example/2", "text/html", "article", "zh", {"title", "body"}),
    ("login", LOGIN, "https://site.example/", "text/html", "login", None, {"title", "form"}),
    ("login zh", LOGIN_ZH, "https://site.example/", "text/html", "login", None, {"title", "form"}),
    ("search", SEARCH, "https://find.example/?q=cheap+rye+bread", "text/html", "search", "en", {"query"}),
    ("message zh", MESSAGE_ZH, "https://t.me/s/bread/5", "text/html", "message", "zh", {"title", "post"}),
    ("plain", PLAIN, "https://paste.example/a", "text/plain", "other", "en", {"body"}),
    ("bare", BARE, "https://site.example/", "text/html", "other", None, {"body"}),
]  # fmt: skip


def check(contents: Contents) -> None:
    """What holds of every page."""
    text = joined(contents.blocks)
    for number, block in enumerate(contents.blocks):
        assert block.number == number
        assert block.role in BLOCK_ROLES
        assert text[block.start : block.start + len(block.text)] == block.text
    view = contents.views.base
    assert len(view.starts) == len(view.ends) == len(view.text)
    assert not len(view.text) or int(view.ends.max()) <= len(text)
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("payload", "url", "mime", "kind", "language", "roles"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES]
)
def test_shape(
    payload: bytes | str, url: str, mime: str, kind: str, language: str | None, roles: set[str], read: Read
) -> None:
    skimmed, contents = read(payload, url, mime)
    assert (skimmed.page.kind, skimmed.page.language) == (kind, language)
    assert kind in PAGE_KINDS
    assert {b.role for b in contents.blocks} == roles
    check(contents)


def test_facts_of_a_page(read: Read) -> None:
    page = read(SHOP, "https://www.bakery.example/p/1")[0].page
    assert (page.site, page.title, page.charset) == ("bakery.example", "Rye loaf - Bakery", "utf-8")
    assert page.page_id == page_id(page.url, page.payload_sha256)
    assert len(page.page_id) == 32
    assert page.text_chars > 80


def test_same_words_in_other_mark_up_have_the_same_text_hash(read: Read) -> None:
    one, two = read("<p>fresh  bread<p>milk")[0].page, read("<div>fresh bread</div>\n<b>milk</b>")[0].page
    assert one.text_sha256 == two.text_sha256
    assert one.page_id != two.page_id


def test_the_quick_text_is_that_of_the_text_nodes(read: Read) -> None:
    skimmed, _ = read("<p>Ｇ<b>UN</b><script>no</script>")
    assert skimmed.folded.tobytes().decode("utf-32-le") == "g\x00un"


ODD = [
    ("NUL", b"<p>a\x00b<title>\x00</title>", "text/html"),
    ("NUL in text", b"a\x00b\x00\x00", "text/plain"),
    ("lone surrogates", "<p>\ud800 &#xDFFF; x".encode("utf-8", "surrogatepass"), "text/html"),
    (
        "surrogates in JSON",
        b'<script type="application/ld+json">{"@type":"Product","name":"\\ud800"}</script>',
        "text/html",
    ),
    ("line separators", "<p>a\u2028b\u2029c\x85d".encode(), "text/html"),
    ("line separators in text", "a\u2028b\n\nc\x1ed".encode(), "text/plain"),
    ("empty", b"", "text/html"),
    ("empty text", b"", "text/plain"),
    ("no mark-up", bytes(range(256)) * 8, "text/html"),
    ("frames", b"<frameset><frame src=/a><noframes>x</noframes></frameset>", "text/html"),
    ("title without end", b"<title>" + b"word " * 50_000, "text/html"),
    ("comment without end", b"<p>a<!-- b", "text/html"),
    ("nested", b"<div>" * 100_000 + b"x", "text/html"),
    ("one long line", b"x" * 2_000_000, "text/html"),
    ("one long line of text", b"x " * 1_000_000, "text/plain"),
]


@pytest.mark.parametrize(("payload", "mime"), [o[1:] for o in ODD], ids=[o[0] for o in ODD])
def test_odd_payloads_are_read(payload: bytes, mime: str, read: Read) -> None:
    skimmed, contents = read(payload, mime=mime)
    assert len(skimmed.page.title) <= 500
    check(contents)


@pytest.mark.parametrize(
    "url", ["", "http://[bad/", "http://\ud800.example/", "x" * 10_000, "https://t.me/%00", "http://a\u2100b/"]
)
def test_odd_addresses_are_read(url: str, read: Read) -> None:
    skimmed, contents = read(SHOP, url)
    assert skimmed.page.kind in PAGE_KINDS
    check(contents)


def test_no_letter_is_lost_between_payload_and_blocks(read: Read) -> None:
    _, contents = read("<p>a\u2028b</p><p>" + "word " * 1000 + "</p><img alt=c>")
    assert contents.blocks[0].text == "a b"
    assert sum(b.text.count("word") for b in contents.blocks) == 1000


def test_a_cut_page_is_marked(tools: Tools) -> None:
    capture = dataclasses.replace(capture_of("<p>面包".encode()[:-1]), truncated=True)
    page = skim(capture, tools).page
    assert (page.truncated, page.charset, page.text_chars) == (True, "utf-8", 1)


def test_links_come_once(read: Read) -> None:
    assert read("<a href=/a>x</a><a href=/a>y</a><a href=/b>z</a>")[1].links == ("/a", "/b")
