"""Blocks: their roles, borders, texts and places."""

from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from nohaven.extraction.blocks import LONGEST, MOST, number_blocks, read_blocks, text_blocks
from nohaven.extraction.markup import MarkUp
from nohaven.extraction.nesting import DEEPEST, LEAST_TAGS, flattened
from nohaven.records.lists import BLOCK_ROLES
from nohaven.records.page import BLOCK_END, Structure, joined


def blocks_of(markup: str, marks: MarkUp) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(markup)
    tree.strip_tags(["script", "style"])
    return read_blocks(tree, marks)[0]


CASES = [
    ("<p>one<p>two", [("body", "one"), ("body", "two")]),
    ("<h1>Shop</h1><p>We sell <b>good</b> bread</p>", [("heading", "Shop"), ("body", "We sell good bread")]),
    ("<ul><li>a<li>b <i>c</i></ul>d", [("list_item", "a"), ("list_item", "b c"), ("body", "d")]),
    ("<dl><dt>Price<dd>5</dl>", [("list_item", "Price"), ("list_item", "5")]),
    ("<table><tr><td>Bread<td>5</tr><tr><th>Milk</th><td>2</td></table>", [("table", "Bread 5"), ("table", "Milk 2")]),
    ("a<br>b<br/>c", [("body", "a b c")]),
    ("<nav><a href=/>Home</a></nav><footer>(c) Shop</footer>", [("nav", "Home"), ("footer", "(c) Shop")]),
    ("<blockquote>he said</blockquote>so", [("quote", "he said"), ("body", "so")]),
    (
        "<div class='comments'><p>first</p><h3>second</h3></div>after",
        [("comment", "first"), ("comment", "second"), ("body", "after")],
    ),
    ("<div id=footer><p>x</div>", [("footer", "x")]),
    ("<div class='row comment-12'>x</div>", [("comment", "x")]),
    ("<td class=t_f>no table around</td>", [("body", "no table around")]),  # the parser drops a cell outside a table
    ("<table><tr><td class='t_f'>a post</td></tr></table>", [("post", "a post")]),
    (
        "<div class=postbody>mine <div class=quote>yours</div> again</div>",
        [("post", "mine"), ("quote", "yours"), ("post", "again")],
    ),
    ("<div class=comment><nav>x</nav></div>", [("comment", "x")]),  # the stronger role holds inside
    ("<nav><div class=comment>x</div></nav>", [("comment", "x")]),
    ("<p>a<span class=quote>b</span>c</p>", [("body", "a"), ("quote", "b"), ("body", "c")]),
    ("<button>Buy</button>", [("form", "Buy")]),
    ("<input type=submit value='Buy now'><input type=text value=no>", [("form", "Buy now")]),
    ("<INPUT TYPE=SUBMIT VALUE=' Order  it '>", [("form", "Order it")]),
    (
        "<form><label>Name</label><select><option>a<option>b</select></form>",
        [("form", "Name"), ("form", "a"), ("form", "b")],
    ),
    ("<img src=x alt=' green  leaf '>", [("alt", "green leaf")]),
    ("<img alt=''><img>", []),
    ("<p>shown<script>x()</script><style>y{}</style></p>", [("body", "shown")]),
    ("<p>shown<noscript>not <img alt=no></noscript></p>", [("body", "shown")]),
    ("<div>a<template><p>not<img alt=no></template>b</div>", [("body", "ab")]),
    ("<svg><title>icon</title><text>x</text></svg>shown", [("body", "shown")]),
    ("<p>a\x1eb\n\t c\u2028d</p>", [("body", "a b c d")]),  # the block border is no part of a block
    ("<p>unclosed <b>bold <i>both <div>in", [("body", "unclosed bold both"), ("body", "in")]),
    ("</p></div>stray ends", [("body", "stray ends")]),
    ("<p>&lt;b&gt; &amp;#x41; &#xD800;", [("body", "<b> &#x41; \ufffd")]),
    ("", []),
    ("   \n ", []),
]


@pytest.mark.parametrize(("markup", "expected"), CASES)
def test_blocks(markup: str, expected: list[tuple[str, str]], marks: MarkUp) -> None:
    found = blocks_of(markup, marks)
    assert [b for b in found if b[1]] == expected


def test_every_role_of_the_table_is_a_role(marks: MarkUp) -> None:
    assert {*marks.role_of_element.values(), *marks.role_of_class.values()} <= set(BLOCK_ROLES)


def test_links(marks: MarkUp) -> None:
    tree = LexborHTMLParser("<a href=/a>x</a><a>no</a><a href=''>no</a><a href='tg://resolve?domain=x'>y</a>")
    assert read_blocks(tree, marks)[1] == ["/a", "tg://resolve?domain=x"]


def test_places_are_those_of_the_joined_text() -> None:
    found = [("body", "word " * 900), ("list_item", "x" * 4500), ("body", "枪" * 2001), ("comment", "end")]
    structure = Structure(description="a  shop", keywords="k", json_ld=("bread\x1emilk",))
    blocks = number_blocks(" A\nshop ", structure, found, "")
    text = joined(blocks)
    assert [b.role for b in blocks[:4]] == ["title", "meta", "meta", "script"]
    assert blocks[3].text == "bread milk"
    for number, block in enumerate(blocks):
        assert block.number == number
        assert 0 < len(block.text) <= LONGEST
        assert text[block.start : block.start + len(block.text)] == block.text
        assert BLOCK_END not in block.text
    assert "".join(b.text for b in blocks if set(b.text) == {"x"}) == "x" * 4500  # cut, not lost
    assert sum(b.text.count("word") for b in blocks) == 900  # cut at white space only


def test_reflected_words_are_marked() -> None:
    blocks = number_blocks(
        "Results", Structure(), [("body", "You searched: cheap bread"), ("body", "Milk")], "cheap bread"
    )
    assert [b.role for b in blocks] == ["title", "query", "body"]


PLAIN = [
    ("one\ntwo\n\nthree", ["one two", "three"]),
    ("one\r\n\r\ntwo", ["one", "two"]),
    ("one\n \t \ntwo", ["one", "two"]),
    ("a\x00b\u2028c\x1ed", ["a b c d"]),
    ("\n\n\n", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_paragraphs_of_plain_text(text: str, expected: list[str]) -> None:
    assert text_blocks(text) == [("body", p) for p in expected]


HOSTILE = [
    ("nested blocks", "<div>" * 100_000 + "end"),
    ("nested with false ends", "<div></x>" * 100_000 + "end"),
    ("nested in turn", "<section><div></ul>" * 60_000 + "end"),
    ("nested inline", "<b>" * 100_000 + "end"),
    ("nested tables", "<table><tr><td>" * 30_000 + "end"),
    ("breaks", "<br>" * 1_000_000 + "end"),
    ("words and breaks", "x<br>" * 200_000 + "end"),
    ("unclosed items", "<li>x" * 100_000),
    ("empty classes", "<p class='a b c'>x" * 50_000),
    ("one open tag", "<a " + "x=y " * 200_000),
]


@pytest.mark.parametrize("markup", [m for _, m in HOSTILE], ids=[n for n, _ in HOSTILE])
def test_hostile_mark_up_ends_in_time(markup: str, marks: MarkUp) -> None:
    began = time.process_time()
    found = blocks_of(flattened(markup), marks)
    assert time.process_time() - began < 10  # about 1 s; without a bound on depth 15 s and more
    assert len(found) <= MOST + 1
    if markup.endswith("end"):
        assert found[-1][1].endswith("end")


def test_flattening_drops_only_what_is_too_deep() -> None:
    deep = "<div class=a>" * (LEAST_TAGS + 1) + "x" + "</div>" * (LEAST_TAGS + 1) + "<p>after</p>"
    flat = flattened(deep)
    assert flat.count("<div") == flat.count("</div>") == DEEPEST
    assert flat.endswith("<p>after</p>")
    wide = "<div>x</div>" * LEAST_TAGS
    assert flattened(wide) == wide
    assert flattened("<div>" * 1000) == "<div>" * 1000  # few tags: not looked at


def test_a_role_holds_however_deep(marks: MarkUp) -> None:
    markup = "<div class=comment>" + "<div>" * 300 + "x" + "</div>" * 300 + "</div>y"
    assert blocks_of(markup, marks) == [("comment", "x"), ("body", "y")]
