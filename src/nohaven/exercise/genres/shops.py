"""Shops and listings: the operator's own sites."""

from __future__ import annotations

from collections.abc import Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.markup import items, paragraphs, table
from nohaven.exercise.records import OfferTruth, Page
from nohaven.exercise.sale import Sale
from nohaven.exercise.shell import Document


def sale_of(desk: Desk) -> Sale:
    """The operator's talk; two visits in three are about the main trade."""
    operator = desk.site.operator
    if operator is None:
        raise ValueError("a site without an operator sells nothing")
    chosen = operator.categories[0 if desk.rng.random() < 0.66 else 1]
    return Sale(operator, chosen, desk.texts, desk.rng, desk.shell.name)


def pages(desk: Desk) -> Iterator[Page]:
    """Home, products, and a contact page, which names the goods in one shop of two."""
    sale = sale_of(desk)
    yield desk.page(_home(desk, sale))
    for number in range(desk.length - 2):
        yield desk.page(_product(desk, sale, number))
    yield desk.page(_contact(desk, sale))


def _offers(desk: Desk, sale: Sale) -> tuple[OfferTruth, ...]:
    """The truth of a page on the operator's own domain."""
    return (OfferTruth(sale.category, "offer", desk.site.host),)


def _home(desk: Desk, sale: Sale) -> Draft:
    rows = [(name, sale.say("price"), sale.say("detail")) for name in sale.goods(4 + desk.rng.randrange(6))]
    body = (
        f"<h1>{sale.say('headline')}</h1>{paragraphs(sale.several('pitch', 2))}{table(rows, sale.say('cta'))}"
        f"{items([*sale.several('trust', 3), sale.say('ship'), sale.say('pay')])}"
        f"<p class='order'>{sale.say('order')} {' / '.join(sale.contact(2))}</p>"
    )
    document = Document(sale.say("headline"), body, sale.say("pitch"), "Store")
    return Draft("/", "shop", document, _offers(desk, sale), disguises=sale.disguises_on(body))


def _product(desk: Desk, sale: Sale, number: int) -> Draft:
    name = sale.goods(20)[number % 8]
    body = (
        f"<h1>{name}</h1><div class='price'>{sale.say('price')}</div>{paragraphs(sale.several('pitch', 2))}"
        f"{items(sale.several('detail', 4))}"
        f"<form action='/cart' method='post'><input type='number' name='qty' value='1'>"
        f"<button>{sale.say('cta')}</button></form>{paragraphs([sale.say('ship'), sale.say('trust')])}"
        f"<p>{sale.say('order')} {sale.contact()[0]}</p>"
    )
    path = f"/product/{100 + number}"
    return Draft(
        path, "shop", Document(name, body, "", "Product"), _offers(desk, sale), disguises=sale.disguises_on(name + body)
    )


def _contact(desk: Desk, sale: Sale) -> Draft:
    names_goods = desk.rng.random() < 0.5
    body = (
        f"<h1>{desk.shell.name}</h1>{paragraphs(sale.several('about_plain', 3))}{items(sale.contact(3))}"
        "<form action='/msg' method='post'><textarea name='m'></textarea><input type='submit'></form>"
    )
    if names_goods:
        body += paragraphs([sale.say("about"), sale.say("pitch"), sale.say("order")])
    made = _offers(desk, sale) if names_goods else ()
    document = Document(desk.shell.name, body)
    return Draft("/contact", "shop" if names_goods else "other", document, made, disguises=sale.disguises_on(body))


def listing_pages(desk: Desk) -> Iterator[Page]:
    """A directory of short adverts by one operator, several to a page."""
    for number in range(desk.length):
        sale = sale_of(desk)
        cards = "".join(
            f"<div class='item'><h3><a href='/i/{place}'>{name}</a></h3><span>{sale.say('price')}</span>"
            f"<p>{pitch}</p><p class='c'>{sale.contact()[0]}</p></div>"
            for place, (name, pitch) in enumerate(zip(sale.goods(6), sale.several("pitch", 6), strict=False))
        )
        document = Document(sale.say("headline"), f"<h1>{sale.say('headline')}</h1>{cards}<p>{sale.say('order')}</p>")
        path = f"/list/{number + 1}"
        yield desk.page(Draft(path, "listing", document, _offers(desk, sale), disguises=sale.disguises_on(cards)))
