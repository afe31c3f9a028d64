"""Innocent articles that carry somebody else's offer: injected into the page, or spammed under it."""

from __future__ import annotations

from collections.abc import Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.markup import paragraphs, post
from nohaven.exercise.genres.shops import sale_of
from nohaven.exercise.records import OfferTruth, Page
from nohaven.exercise.shell import Document

_STYLES = ("display:none", "position:absolute;left:-9999px", "font-size:1px", "")


def hacked_pages(desk: Desk) -> Iterator[Page]:
    """An article with an injected selling block, hidden or not."""
    for number in range(desk.length):
        sale = sale_of(desk)
        title, lines = article(desk)
        links = "".join(
            f"<a href='https://go{desk.site.index}.invalid/{n}'>{name}</a> " for n, name in enumerate(sale.goods(5))
        )
        sold = [*sale.several("pitch", 3), f"{sale.say('order')} {sale.contact()[0]}"]
        block = f'<div style="{desk.rng.choice(_STYLES)}">{links}{paragraphs(sold)}</div>'
        place = desk.rng.randrange(len(lines) + 1)
        body = f"<h1>{title}</h1>{paragraphs(lines[:place])}{block}{paragraphs(lines[place:])}"
        made = (OfferTruth(sale.category, "offer", None),)
        path = f"/news/{number + 1}.html"
        yield desk.page(
            Draft(path, "article", Document(title, body, "", "Article"), made, None, disguises=sale.disguises_on(body))
        )


def spammed_pages(desk: Desk) -> Iterator[Page]:
    """An article with real comments and one that sells."""
    talk = desk.voice("talk")
    for number in range(desk.length):
        sale = sale_of(desk)
        title, lines = article(desk)
        comments = [(talk.say("nick"), text) for text in talk.several("comment", 3)]
        spam = f"{sale.say('pitch')} {sale.contact()[0]}"
        comments.insert(desk.rng.randrange(len(comments) + 1), (talk.say("nick"), spam))
        under = "".join(post(author, place, text) for place, (author, text) in enumerate(comments))
        body = f"<h1>{title}</h1>{paragraphs(lines)}<section id='comments' class='comments'>{under}</section>"
        made = (OfferTruth(sale.category, "offer", None),)
        path = f"/blog/{number + 1}/"
        yield desk.page(
            Draft(
                path, "article", Document(title, body, "", "BlogPosting"), made, None, disguises=sale.disguises_on(body)
            )
        )


def article(desk: Desk) -> tuple[str, list[str]]:
    """Title and paragraphs of an innocent article, a little different in channels from any seller."""
    tables = desk.texts.voice(desk.site.language, ("articles",), desk.rng)
    index = desk.site.index
    voice = tables.bind({"mail": f"office@{desk.site.host}", "phone": f"+1 {301 + index % 600} 555 01{index % 100:02d}",
                         "wechat": f"exdesk_{index}", "sitename": desk.shell.name})  # fmt: skip
    subject = desk.rng.choice(("recipe", "blog", "company", "wiki", "sport"))
    return voice.say(f"title_{subject}"), voice.several(f"body_{subject}", 5 + desk.rng.randrange(5))
