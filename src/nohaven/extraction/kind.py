"""The kind of a page (records.lists.PAGE_KINDS): a list of small checks, the first that says yes decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from nohaven.extraction.markup import MarkUp
from nohaven.records.page import Structure
from nohaven.values.site import ACCOUNT_HOSTS, host_of

SEARCH_FIELDS = frozenset({"q", "s", "query", "keyword", "keywords", "search", "wd", "kw", "search_query"})
_FORM_TEXT = 1200  # characters: a longer page with a password field only offers to log in
# as words of their own: "fresh bank logins" are goods
_LOGIN_WORDS = re.compile(r"\b(?:log[ -]?in|sign[ -]?in)\b|登录|登陆")
_LOGIN_TEXT = 3000  # characters: a longer page that speaks of logging in is something else
_FORUM_PATHS = ("thread", "topic", "viewtopic", "showthread", "forum", "/t/", "/tid", "discussion")


@dataclass(frozen=True, slots=True)
class Clues:
    """What the checks look at."""

    url: str
    title: str
    text_chars: int
    structure: Structure
    marks: MarkUp


def is_login(c: Clues) -> bool:
    """A short page with a password field, or one whose title says so."""
    said = _LOGIN_WORDS.search(c.title.lower()) is not None
    return (c.structure.has_password_field and c.text_chars < _FORM_TEXT) or (said and c.text_chars < _LOGIN_TEXT)


def is_message(c: Clues) -> bool:
    """A post or channel of a messenger."""
    return host_of(c.url) in ACCOUNT_HOSTS


def is_search(c: Clues) -> bool:
    """An answer to a query that stands in the address."""
    return bool(reflected_query(c.url))


def is_thread(c: Clues) -> bool:
    """A discussion: forum software, forum types or a forum's path."""
    software = any(g in c.structure.generator for g in c.marks.forum_generators)
    return software or bool(c.structure.types & c.marks.forum_types) or _has_forum_path(c.url)


def _has_forum_path(url: str) -> bool:
    """Whether the address of a page names a discussion; an address that is none does not."""
    try:
        path = urlsplit(url).path.lower()
    except ValueError:
        return False
    return any(p in path for p in _FORUM_PATHS)


def is_shop(c: Clues) -> bool:
    """A page that describes a product for sale, by its structured data."""
    return bool(c.structure.types & c.marks.shop_types)


def is_article(c: Clues) -> bool:
    """News, blog or scholarly text: by type, or an article element with a date."""
    typed = bool(c.structure.types & c.marks.article_types)
    return typed or (c.structure.has_article_element and c.structure.published)


CHECKS: tuple[tuple[str, Callable[[Clues], bool]], ...] = (
    ("login", is_login),
    ("message", is_message),
    ("thread", is_thread),
    ("shop", is_shop),
    ("article", is_article),
    ("search", is_search),
)


def page_kind(clues: Clues) -> str:
    """The kind by the first check that says yes; `other` when none does."""
    return next((kind for kind, check in CHECKS if check(clues)), "other")


def reflected_query(url: str) -> str:
    """The search words that an address carries, at least four characters, white space collapsed; empty when none."""
    try:
        fields = parse_qsl(urlsplit(url).query, max_num_fields=50)
    except ValueError:
        return ""
    words = (" ".join(v.split()) for k, v in fields if k.lower() in SEARCH_FIELDS)
    return next((w for w in words if len(w) >= 4), "")
