"""Forum threads: small talk, and threads where one post sells, asks for or praises illicit goods."""

from __future__ import annotations

from collections.abc import Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.markup import post
from nohaven.exercise.genres.shops import sale_of
from nohaven.exercise.records import OfferTruth, Page
from nohaven.exercise.sale import Sale
from nohaven.exercise.shell import Document


def small_talk(desk: Desk) -> Iterator[Page]:
    """Threads in which nobody sells anything."""
    voice = desk.voice("talk")
    for number in range(desk.length):
        title = voice.say("thread")
        posts = [(voice.say("nick"), text) for text in voice.several("chat", 4 + desk.rng.randrange(7))]
        yield desk.page(Draft(f"/thread-{desk.site.index}-{number}", "thread", _thread(title, posts)))


def seller_threads(desk: Desk) -> Iterator[Page]:
    """Threads with one seller's post; in one of eight somebody only asks, in one of eight only praises."""
    for number in range(desk.length):
        sale = sale_of(desk)
        stance = desk.rng.choices(("offer", "demand", "vouch"), (6, 1, 1))[0]
        yield desk.page(_sold(desk, sale, stance, f"/thread-{desk.site.index}-{number}"))


def _sold(desk: Desk, sale: Sale, stance: str, path: str) -> Draft:
    voice = desk.voice("talk")
    account = f"ex{sale.operator.name.replace('-', '')}"
    seller = f"{desk.site.host}/~{account}"
    if stance == "offer":
        lines = [*sale.several("pitch", 2), sale.say("trust"), sale.say("order"), sale.contact()[0]]
        author, text, title = account, "<br>".join(lines), sale.say("headline")
    else:
        author, text, title = voice.say("nick"), sale.stance_line(stance, account), voice.say("thread")
    posts = [(voice.say("nick"), chat) for chat in voice.several("chat", 2 + desk.rng.randrange(6))]
    posts += [(voice.say("nick"), sale.say("asker"))] if stance == "offer" else []
    posts.insert(0 if stance == "offer" else 1 + desk.rng.randrange(len(posts)), (author, text))
    made = OfferTruth(sale.category, stance, None if stance == "demand" else seller)
    site = seller if stance == "offer" else None
    return Draft(path, "thread", _thread(title, posts), (made,), site, disguises=sale.disguises_on(text))


def _thread(title: str, posts: list[tuple[str, str]]) -> Document:
    body = "".join(post(author, place, text) for place, (author, text) in enumerate(posts))
    return Document(title, f"<h1>{title}</h1>{body}")
