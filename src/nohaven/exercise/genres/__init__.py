"""The kinds of sites in the world. A new one is a new function and a new line in the tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nohaven.exercise.desk import Desk
from nohaven.exercise.genres import carriers, forums, licensed, mentions, ordinary, postings, shops
from nohaven.exercise.records import Language, Page

Write = Callable[[Desk], Iterator[Page]]


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of site: how much of the world it is, how many pages it shows, who runs it, how it is written."""

    name: str
    weight: float  # share of all pages, in parts of the sum
    pages: tuple[int, int]
    sells: bool  # has an operator
    write: Write
    languages: tuple[Language, ...] = ("en", "zh")


GENRES = (
    Genre("shop", 10, (3, 7), True, shops.pages),
    Genre("listing", 3, (2, 4), True, shops.listing_pages),
    Genre("seller_thread", 5, (1, 3), True, forums.seller_threads),
    Genre("channel", 3.5, (1, 3), True, postings.channel_pages),
    Genre("classified", 3, (1, 2), True, postings.advert_pages),
    Genre("hacked", 2.5, (1, 2), True, carriers.hacked_pages),
    Genre("comment_spam", 2, (1, 2), True, carriers.spammed_pages),
    Genre("report", 12, (1, 5), False, mentions.writer("report")),
    Genre("legal", 6, (1, 4), False, mentions.writer("legal")),
    Genre("warning", 6, (1, 4), False, mentions.writer("warning")),
    Genre("encyclopaedia", 5, (1, 4), False, mentions.writer("encyclopaedia")),
    Genre("help", 5, (1, 4), False, mentions.writer("help")),
    Genre("fiction", 4, (1, 4), False, mentions.writer("fiction")),
    Genre("licensed", 6, (1, 4), False, licensed.pages),
    Genre("ordinary_shop", 8, (2, 6), False, ordinary.shop_pages),
    Genre("articles", 9, (1, 5), False, ordinary.article_pages),
    Genre("small_talk", 5, (1, 4), False, forums.small_talk),
    Genre("login", 1.5, (1, 1), False, ordinary.login_pages),
    Genre("search", 2, (1, 2), False, ordinary.search_pages),
    Genre("japanese", 0.8, (1, 2), False, ordinary.foreign_pages, ("ja",)),
    Genre("russian", 0.8, (1, 2), False, ordinary.foreign_pages, ("ru",)),
)
