"""Licensed trade: goods that others sell without a licence, with number, address and rules."""

from __future__ import annotations

from collections.abc import Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.markup import items, paragraphs
from nohaven.exercise.records import Page
from nohaven.exercise.shell import Document


def pages(desk: Desk) -> Iterator[Page]:
    """A licensed shop's pages."""
    voice = desk.voice("licensed")
    _, licence, goods = voice.say("kind").split("|")
    voice = voice.bind({"licence": licence, "goods": goods, "sitename": desk.shell.name})
    for number in range(desk.length):
        title = voice.say("title")
        lines = voice.several("body", 5 + desk.rng.randrange(4))
        body = (
            f"<h1>{title}</h1><p>{voice.say('lead')}</p>{items(lines[:3])}{paragraphs(lines[3:])}"
            f"<p>{voice.say('close')}</p>"
        )
        document = Document(title, body, voice.say("lead"), "LocalBusiness")
        yield desk.page(Draft(f"/shop/{number}", "shop", document, mention="licensed"))
