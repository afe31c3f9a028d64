"""The ordinary web: shops, articles, login and search pages, other languages, and the reserved placeholder."""

from __future__ import annotations

from collections.abc import Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.carriers import article
from nohaven.exercise.genres.markup import items, paragraphs, table
from nohaven.exercise.records import Page
from nohaven.exercise.shell import Document


def shop_pages(desk: Desk) -> Iterator[Page]:
    """A lawful shop with prices, carts and contacts."""
    goods = desk.voice("trade").words("goods")
    desk.rng.shuffle(goods)
    voice = desk.voice("trade").bind({"goods": goods[:5], "goods2": goods[5:9], "sitename": desk.shell.name})
    for number in range(desk.length):
        rows = [(name, voice.say("price"), voice.say("detail")) for name in goods[: 3 + desk.rng.randrange(7)]]
        title = voice.say("headline")
        body = (
            f"<h1>{title}</h1>{paragraphs(voice.several('pitch', 3))}{table(rows, '&#128722;')}"
            f"{items(voice.several('order', 2))}<p>{voice.say('contact')}</p>"
        )
        yield desk.page(Draft(f"/p/{number}", "shop", Document(title, body, "", "Product")))


def article_pages(desk: Desk) -> Iterator[Page]:
    """Recipes, blogs, company pages, encyclopaedia and sport; some with comments."""
    for number in range(desk.length):
        title, lines = article(desk)
        under = paragraphs(desk.voice("talk").several("comment", 2)) if number % 2 else ""
        body = f"<h1>{title}</h1>{paragraphs(lines)}<div class='comments'>{under}</div>"
        yield desk.page(Draft(f"/a/{number}", "article", Document(title, body, lines[0], "Article")))


def login_pages(desk: Desk) -> Iterator[Page]:
    """A form to sign in."""
    voice = desk.voice("talk").bind({"sitename": desk.shell.name})
    lines = voice.words("login")
    fields = "<input name='user'><input type='password' name='pass'><button type='submit'>&#8594;</button>"
    body = f"<h1>{lines[0]}</h1><form method='post' action='/login'>{fields}</form>{paragraphs(lines[1:])}"
    yield desk.page(Draft("/login", "login", Document(lines[0], body)))


def search_pages(desk: Desk) -> Iterator[Page]:
    """Search results that throw the query back; in one of two the query is a seller's advert."""
    for number in range(desk.length):
        names = ("talk", "trade") if desk.rng.random() < 0.5 else ("talk", "drugs" if number % 2 else "documents")
        query = desk.voice(*names).say("query")
        results = paragraphs([*desk.voice("talk").several("search", 2), *article(desk)[1][:3]])
        body = (
            f"<h1>{query}</h1><form action='/search'><input type='search' name='q' value='{query}'></form>"
            f"<p class='q'>\u201c{query}\u201d</p>{results}"
        )
        yield desk.page(Draft(f"/search?q=ex{desk.site.index}{number}", "search", Document(query, body)))


def foreign_pages(desk: Desk) -> Iterator[Page]:
    """Innocent pages in Japanese and Russian."""
    voice = desk.texts.voice(desk.site.language, ("foreign",), desk.rng)
    for number in range(desk.length):
        title = voice.say("title")
        body = f"<h1>{title}</h1>{paragraphs(voice.several('body', 6))}"
        yield desk.page(Draft(f"/{number}.html", "article", Document(title, body)))


def reserved_page(desk: Desk) -> Page:
    """The placeholder that stands for what nobody writes: one token, an age, nothing else."""
    document = Document("placeholder", "<p>[sexual-term] 17 years old</p>")
    return desk.page(Draft("/placeholder", "other", document, plain=True, reserved=True))
