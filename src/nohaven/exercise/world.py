"""The world: operators, their sites, everybody else's sites, and all their pages, made one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from nohaven.errors import UserMistake
from nohaven.exercise.charset import UTF8, charset_for
from nohaven.exercise.desk import Desk
from nohaven.exercise.genres import GENRES, Genre
from nohaven.exercise.genres.ordinary import reserved_page
from nohaven.exercise.operators import operator_at
from nohaven.exercise.phrases import Texts, load_texts
from nohaven.exercise.records import Operator, Page, Site
from nohaven.exercise.shell import Shell

FEWEST, MOST = 50, 100_000
_WORDS = ("amber", "birch", "cobalt", "delta", "elm", "fjord", "grove", "hazel", "iris", "juniper", "kelp", "linden")
_TAILS = ("works", "post", "hub", "lane", "field", "desk", "bay", "room", "point", "mill")
_ENDINGS = ("example", "example", "example", "test", "invalid")
_SHARED_HOSTS = {"channel": "messages.example", "classified": "smallads.example"}


@dataclass(frozen=True, slots=True)
class World:
    """A world of `pages` pages; walking it twice gives the same pages, and keeps none of them."""

    pages: int
    seed: int
    texts: Texts

    def walk(self) -> Iterator[Page]:
        """Every page, in the order in which the crawler came by; the reserved placeholder in the middle."""
        given = 0
        for genre, site in self.sites():
            for page in self._site_pages(genre, site):
                if given == self.pages // 2:
                    yield self._reserved()
                    given += 1
                if given == self.pages:
                    return
                yield page
                given += 1

    def sites(self) -> Iterator[tuple[Genre, Site]]:
        """Every site without end: always the genre that is furthest behind its share, in alternating languages."""
        total = sum(genre.weight for genre in GENRES)
        shown, visits = dict.fromkeys(GENRES, 0.0), dict.fromkeys(GENRES, 0)
        operators = self._operators()
        index, pages = 0, 0.0
        while True:
            index += 1
            genre = max(GENRES, key=lambda one: one.weight / total * (pages + 8) - shown[one])
            visits[genre] += 1
            operator = next(operators) if genre.sells else None
            site = self._site(index, genre, visits[genre], operator)
            shown[genre] += self._length(genre, site)
            pages += self._length(genre, site)
            yield genre, site

    def _operators(self) -> Iterator[Operator]:
        """The operator of each selling site: two or three sites in a row for each."""
        number = 0
        while True:
            operator = operator_at(self.seed, number)
            for _ in range(2 + number // 2 % 2):
                yield operator
            number += 1

    def _length(self, genre: Genre, site: Site) -> int:
        low, high = genre.pages
        return Random(f"{self.seed}:length:{site.index}").randint(low, high)

    def _site(self, index: int, genre: Genre, visit: int, operator: Operator | None) -> Site:
        rng = Random(f"{self.seed}:site:{index}")
        language = operator.language if operator else genre.languages[(visit + len(genre.name)) % len(genre.languages)]
        host = f"{rng.choice(_WORDS)}{rng.choice(_TAILS)}{index}.{rng.choice(_ENDINGS)}"
        host = _SHARED_HOSTS.get(genre.name, host)
        own = operator is not None and genre.name in ("shop", "listing")
        tracker = operator.tracker if operator is not None and own else f"G-EXST{index:06d}"
        block = rng.choice(("192.0.2", "198.51.100", "203.0.113"))
        ip = "192.0.2.7" if genre.name in _SHARED_HOSTS else f"{block}.{rng.randrange(1, 255)}"
        return Site(index, host, language, operator, tracker, ip)

    def _site_pages(self, genre: Genre, site: Site) -> Iterator[Page]:
        return genre.write(self._desk(site, self._length(genre, site)))

    def _desk(self, site: Site, length: int) -> Desk:
        rng = Random(f"{self.seed}:desk:{site.index}")
        voice = self.texts.voice(site.language if site.language == "zh" else "en", (), rng)
        name = voice.say("sitename")
        voice = voice.bind({"sitename": name})
        shared = site.host in _SHARED_HOSTS.values()
        shell = Shell(
            site=site,
            address=site.host if shared or rng.random() < 0.6 else f"www.{site.host}",
            name=name,
            nav=tuple(voice.say("nav").split("|")),
            footer=voice.say("footer"),
            filler=tuple(voice.words("filler")),
            layout=rng.randrange(5),
            style=rng.randrange(40),
            tracker=rng.random() < 0.6,
        )
        return Desk(site, rng, self.texts, shell, charset_for(site.language, rng), length)

    def _reserved(self) -> Page:
        site = Site(0, "placeholder.example", "en", None, "G-EXST000000", "192.0.2.1")
        shell = Shell(site, site.host, "placeholder", ("Home",), "-", ("-",), 0, 0, tracker=False)
        return reserved_page(Desk(site, Random(0), self.texts, shell, UTF8, 1))


def build_world(pages: int, seed: int) -> World:
    """A world of 50 to 100,000 pages. Raises UserMistake for any other size."""
    if not FEWEST <= pages <= MOST:
        raise UserMistake(f"An exercise has {FEWEST} to {MOST} pages, not {pages}: choose a number in that range.")
    return World(pages, seed, load_texts())
