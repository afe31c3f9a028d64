"""The kind of a page, and the search words in its address."""

from __future__ import annotations

import pytest

from nohaven.extraction.kind import Clues, page_kind, reflected_query
from nohaven.extraction.markup import MarkUp
from nohaven.records.lists import PAGE_KINDS
from nohaven.records.page import Structure

SITE = "https://site.example/"
NONE = Structure()

CASES = [
    (SITE, "", 500, NONE, "other"),
    (SITE, "Log in", 300, NONE, "login"),
    (SITE, "用户登录", 300, NONE, "login"),
    (SITE, "Welcome", 300, Structure(has_password_field=True), "login"),
    (SITE, "Welcome", 9000, Structure(has_password_field=True), "other"),  # a long page that offers to log in
    (SITE, "Fresh bank logins", 300, NONE, "other"),  # goods, not a form
    (SITE, "Buy a passport online", 300, NONE, "other"),  # goods, not a form
    ("https://t.me/alpha", "Alpha", 300, NONE, "message"),
    ("https://telegram.me/alpha", "Alpha", 300, NONE, "message"),
    (SITE + "viewtopic.php?t=1", "", 300, NONE, "thread"),
    (SITE, "", 300, Structure(generator="discuz! x3.4"), "thread"),
    (SITE, "", 300, Structure(types=frozenset({"discussionforumposting"})), "thread"),
    (SITE, "", 300, Structure(types=frozenset({"product"})), "shop"),
    (SITE, "", 300, Structure(types=frozenset({"og:product"})), "shop"),
    (SITE, "", 300, Structure(types=frozenset({"newsarticle"})), "article"),
    (SITE, "", 300, Structure(has_article_element=True, published=True), "article"),
    (SITE, "", 300, Structure(has_article_element=True), "other"),  # an element without a date says little
    (SITE + "?q=cheap+bread", "", 300, NONE, "search"),
    (SITE + "?q=cheap+bread", "", 300, Structure(types=frozenset({"product"})), "shop"),  # a shop's own search
    ("http://[bad/", "", 300, NONE, "other"),  # no address at all
    ("", "", 0, NONE, "other"),
]


@pytest.mark.parametrize(("url", "title", "chars", "structure", "expected"), CASES)
def test_kind(url: str, title: str, chars: int, structure: Structure, expected: str, marks: MarkUp) -> None:
    assert page_kind(Clues(url, title, chars, structure, marks)) == expected
    assert expected in PAGE_KINDS


QUERIES = [
    ("?q=cheap+bread", "cheap bread"),
    ("?q=%20cheap%20%20bread%20", "cheap bread"),  # as it stands in a block
    ("?WD=%E6%9E%AA%E6%94%AF%E5%BC%B9%E8%8D%AF", "枪支弹药"),
    ("?q=abc", ""),  # too short to tell
    ("?page=cheap+bread", ""),
    ("?q=&s=bread", "bread"),
    ("?" + "a=1&" * 60 + "q=bread", ""),  # more fields than any search has
    ("?q=%ff%fe%00abcd", "\ufffd\ufffd\x00abcd"),
    ("", ""),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_reflected_query(query: str, expected: str) -> None:
    assert reflected_query(SITE + query) == expected


def test_an_address_that_is_none_reflects_nothing() -> None:
    assert reflected_query("http://[bad/?q=bread") == ""
