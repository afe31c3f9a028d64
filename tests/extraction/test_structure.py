"""What mark-up says apart from words."""

# ruff: noqa: E501 (cases and pages stand one a line)
from __future__ import annotations

import json
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from nohaven.extraction.structure import read_structure
from nohaven.records.page import Structure


def structure_of(markup: str) -> tuple[str, Structure]:
    return read_structure(LexborHTMLParser(markup))


def ld(text: str, kind: str = "application/ld+json") -> str:
    return f'<script type="{kind}">{text}</script>'


TYPES = [
    (ld('{"@type": "Product", "name": "Bread"}'), {"product"}),
    (ld('[{"@type": "Offer"}, {"@type": ["NewsArticle", "Thing"]}]'), {"offer", "newsarticle", "thing"}),
    (ld('{"@graph": [{"@type": "QAPage", "mainEntity": {"@type": "Question"}}]}'), {"qapage", "question"}),
    (ld('{"@type": "https://schema.org/Product"}'), {"product"}),
    (ld('{"@type": "schema:Product"}'), {"product"}),
    (ld('{"@type": "Product"}', "application/ld+json; charset=utf-8"), {"product"}),
    (ld('{"@type": "Product"}', "Application/LD+JSON"), {"product"}),
    (ld('{"@type": "Product"}', "text/javascript"), set()),
    (ld('{"@type": "Product"'), set()),  # broken
    (ld('{"@type": {"a": 1}}'), set()),
    (ld('{"@type": [null, 1, ""]}'), set()),
    (ld("null"), set()),
    (ld("[" * 50_000), set()),  # deeper than the reader goes
    (ld("1" * 6000), set()),  # a number too long to read
    (ld('{"@type": "Product", "x": "' + "a" * 100_001 + '"}'), set()),  # too long
    ("<div itemscope itemtype='http://schema.org/Product/'>x</div>", {"product"}),
    ("<div itemtype='http://schema.org/Product http://schema.org/Book'>x</div>", {"product", "book"}),
    ("<div itemtype>x</div>", set()),
    ("<meta property=og:type content=' Article '>", {"og:article"}),
    ("<meta name=og:type content=product.item>", {"og:product.item"}),
]


@pytest.mark.parametrize(("markup", "expected"), TYPES)
def test_types(markup: str, expected: set[str]) -> None:
    assert structure_of(markup)[1].types == expected


def test_texts_of_products_only() -> None:
    data = [
        {"@type": "Product", "name": "Bread", "description": "Fresh", "offers": {"@type": "Offer", "price": 5}},
        {"@type": "Person", "name": "Nobody"},
        {"@type": "Product", "name": ["no text"], "description": "x" * 5000},
    ]
    texts = structure_of(ld(json.dumps(data)))[1].json_ld
    assert sorted(t[:5] for t in texts) == ["Bread", "Fresh", "xxxxx"]
    assert max(map(len, texts)) == 2000


def test_lone_surrogates_of_json_leave_nothing_that_cannot_be_written() -> None:
    _, structure = structure_of(ld('{"@type": ["Product", "a\\ud800"], "name": "b\\udfff"}'))
    for text in (*structure.types, *structure.json_ld):
        text.encode("utf-8")


def test_data_without_end_are_read_in_part() -> None:
    began = time.process_time()
    many = json.dumps([{"@type": "Product", "name": str(n)} for n in range(2000)])
    assert len(structure_of(ld(many) * 20)[1].json_ld) == 20
    assert time.process_time() - began < 5


HEADS = [
    ("<title> A\n shop </title><title>two</title>", "A shop"),
    ("<meta property=og:title content='Named'>", "Named"),
    ("<title></title><meta property=og:title content='Named'>", "Named"),
    ("<title>A &amp; B</title>", "A & B"),
    ("no title", ""),
]


@pytest.mark.parametrize(("markup", "expected"), HEADS)
def test_title(markup: str, expected: str) -> None:
    assert structure_of(markup)[0] == expected


def test_meta() -> None:
    markup = """<meta name=Description content=" Fresh  bread "><meta name=description content=second>
        <meta name=keywords content=bread,milk><meta name=generator content="Discuz! X3.4"><meta content=x><meta name=a>"""
    _, structure = structure_of(markup)
    assert (structure.description, structure.keywords, structure.generator) == (
        "Fresh bread",
        "bread,milk",
        "discuz! x3.4",
    )


FLAGS = [
    ("<input type=password>", "has_password_field"),
    ("<INPUT TYPE=PassWord>", "has_password_field"),
    ("<article>x</article>", "has_article_element"),
    ("<time datetime=2026-11-24>x</time>", "published"),
    ("<a rel=author href=/a>x</a>", "published"),
    ("<meta property=article:published_time content=2026-11-24>", "published"),
    ("<meta name=citation_title content=x>", "published"),
    (ld('{"@type": "Thing", "datePublished": "2026"}'), "published"),
]


@pytest.mark.parametrize(("markup", "flag"), FLAGS)
def test_flags(markup: str, flag: str) -> None:
    _, structure = structure_of(markup)
    set_flags = [f for f in ("has_password_field", "has_article_element", "published") if getattr(structure, f)]
    assert set_flags == [flag]
