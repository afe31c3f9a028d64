"""Pages that speak of illicit goods without offering them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from nohaven.exercise.desk import Desk, Draft
from nohaven.exercise.genres.markup import items, paragraphs
from nohaven.exercise.records import MentionKind, Page
from nohaven.exercise.shell import Document

_KIND: dict[str, MentionKind] = {
    "report": "report",
    "legal": "legal",
    "warning": "education",
    "encyclopaedia": "education",
    "help": "help",
    "fiction": "fiction",
}


def writer(name: str) -> Callable[[Desk], Iterator[Page]]:
    """The pages of one kind of mention, each about a topic of its own."""

    def write(desk: Desk) -> Iterator[Page]:
        for number in range(desk.length):
            yield desk.page(_mention(desk, name, number))

    return write


def _mention(desk: Desk, name: str, number: int) -> Draft:
    what, charge, item = desk.voice("topics").say("topic").split("|")
    voice = desk.voice(name).bind({"what": what, "charge": charge, "item": item, "sitename": desk.shell.name})
    title = voice.say("title")
    lines = voice.several("body", 6 + desk.rng.randrange(6))
    body = items(lines) if name == "warning" and number % 2 else paragraphs(lines)
    whole = f"<h1>{title}</h1><p class='lead'>{voice.say('lead')}</p>{body}<p>{voice.say('close')}</p>"
    document = Document(title, whole, voice.say("lead"), "NewsArticle" if name == "report" else "")
    return Draft(f"/{name[0]}/{desk.site.index}{number:02d}", "article", document, mention=_KIND[name])
