"""Messages of a channel as its web page shows them, and classified adverts."""

from __future__ import annotations

from collections.abc import Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.markup import items, paragraphs
from nohaven.exercise.genres.shops import sale_of
from nohaven.exercise.records import OfferTruth, Page
from nohaven.exercise.sale import Sale
from nohaven.exercise.shell import Document


def channel_pages(desk: Desk) -> Iterator[Page]:
    """A channel's public page: a handful of messages, in one of four a call for helpers."""
    for number in range(desk.length):
        sale = sale_of(desk)
        channel = f"{sale.operator.channels.telegram}_{desk.site.index}"
        recruits = sale.voice.has("recruit") and desk.rng.random() < 0.25
        texts = [sale.say("recruit")] if recruits else [*sale.several("pitch", 2 + desk.rng.randrange(4))]
        texts = [f"{text}<br>{sale.contact()[0]}" for text in texts]
        texts += [sale.say("trust"), sale.say("about_plain")]
        bubbles = "".join(
            f"<div class='tgme_msg' data-post='{channel}/{place + 10}'><div class='txt'>{text}</div>"
            f"<span class='views'>{100 + place * 37}</span></div>\n"
            for place, text in enumerate(texts)
        )
        seller = f"{desk.site.host}/{channel}"
        made = OfferTruth(sale.category, "recruit" if recruits else "offer", seller)
        document = Document(f"{desk.shell.name} @{channel}", bubbles)
        path = f"/s/{channel}?before={number * 20 + 20}"
        yield desk.page(Draft(path, "message", document, (made,), seller, disguises=sale.disguises_on(bubbles)))


def advert_pages(desk: Desk) -> Iterator[Page]:
    """One advert on a classified site, without an account that could be named."""
    for number in range(desk.length):
        sale = sale_of(desk)
        recruits = sale.voice.has("recruit") and desk.rng.random() < 0.2
        body = _advert(desk, sale, recruits)
        made = OfferTruth(sale.category, "recruit" if recruits else "offer", None)
        title = sale.voice.say("sitename") if recruits else sale.say("headline")
        path = f"/ad/{desk.site.index}{number:02d}.html"
        yield desk.page(Draft(path, "listing", Document(title, body), (made,), None, disguises=sale.disguises_on(body)))


def _advert(desk: Desk, sale: Sale, recruits: bool) -> str:
    if recruits:
        called = paragraphs([sale.say("recruit"), sale.say("about_plain")])
        return f"<h1>{desk.shell.name}</h1>{called}{items(sale.contact(2))}"
    facts = [sale.say("price"), *sale.several("detail", 3), sale.voice.say("town")]
    said = [*sale.several("pitch", 3), sale.say("ship")]
    return (
        f"<h1>{sale.say('headline')}</h1>{items(facts)}{paragraphs(said)}<p class='tel'>{' '.join(sale.contact(2))}</p>"
    )
