"""Whose offer it is: the site, where the page speaks for its site; nobody, where it carries others' words."""

from __future__ import annotations

from nohaven.detection.scoring import PUBLIC_ENDINGS
from nohaven.records.page import Block, Page
from nohaven.values.site import carrier_of

_OTHERS_ROLES = frozenset({"comment", "post", "quote", "query"})
_OTHERS_KINDS = frozenset({"thread", "forum", "article", "search"})


def seller_of(page: Page, block: Block) -> str | None:
    """The site of an offer: the page's own, an account of a forum where the author is known, else None.

    A forum, a hacked public page and an article with a comment carry an offer; they are never its seller.
    """
    carrier = carrier_of(page.url)
    if block.role in _OTHERS_ROLES or page.kind in _OTHERS_KINDS:
        return f"{carrier}/~{block.author}" if block.author and carrier else None
    if any(f"{ending}." in f".{carrier}." for ending in PUBLIC_ENDINGS):
        return None
    return page.site
