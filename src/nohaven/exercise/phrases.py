"""Sentences from tables with slots, so that no two pages read alike.

A slot `{goods}` is filled from the table of that name, `{n:10-90*5}` with a number of that range and step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random

import yaml

_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"n:(\d+)(?:-(\d+))?(?:\*(\d+))?$")


@dataclass(frozen=True, slots=True)
class NumberSlot:
    """A number from low to high in steps."""

    low: int
    high: int
    step: int

    def fill(self, rng: Random) -> str:
        """One number of the range."""
        return str(self.low + self.step * int(rng.random() * ((self.high - self.low) // self.step + 1)))


Template = tuple[str | NumberSlot, ...]  # literals at even places, slots (table names or ranges) at odd ones
Tables = Mapping[str, Sequence[Template]]


def parse(text: str) -> Template:
    """A template from its written form."""
    parts = _SLOT.split(text)
    return tuple(part if place % 2 == 0 else _slot(part) for place, part in enumerate(parts))


def _slot(text: str) -> str | NumberSlot:
    found = _RANGE.match(text)
    if found is None:
        return text
    low = int(found[1])
    return NumberSlot(low, int(found[2] or low), int(found[3] or 1))


class Voice:
    """Says things in one language about one subject, drawing from its own random source."""

    def __init__(self, tables: Tables, rng: Random) -> None:
        self._tables = tables
        self._rng = rng

    def bind(self, words: Mapping[str, str | Sequence[str]]) -> Voice:
        """The same voice with slots fixed: to one word, or to one of several. Bound words hold no slots."""
        bound: dict[str, Sequence[Template]] = {
            key: ((value,),) if isinstance(value, str) else tuple((one,) for one in value)
            for key, value in words.items()
        }
        return Voice({**self._tables, **bound}, self._rng)

    def has(self, key: str) -> bool:
        """Whether there is a table of that name."""
        return key in self._tables

    def say(self, key: str) -> str:
        """One phrase of a table. Raises KeyError for a table that does not exist."""
        choices = self._tables[key]
        return self._fill(choices[int(self._rng.random() * len(choices))])

    def several(self, key: str, count: int) -> list[str]:
        """At most `count` different phrases of a table."""
        choices = self._tables[key]
        return [self._fill(one) for one in self._rng.sample(choices, min(count, len(choices)))]

    def words(self, key: str) -> list[str]:
        """All phrases of a table, in its order."""
        return [self._fill(one) for one in self._tables[key]]

    def _fill(self, template: Template) -> str:
        if len(template) == 1:
            return template[0] if isinstance(template[0], str) else ""
        out: list[str] = []
        for place, part in enumerate(template):
            if isinstance(part, NumberSlot):
                out.append(part.fill(self._rng))
            else:
                out.append(part if place % 2 == 0 else self.say(part))
        return "".join(out)


class Texts:
    """All text tables of the exercise, read once a world from the package's YAML."""

    def __init__(self, tables: Mapping[tuple[str, str], Tables]) -> None:
        self._tables = tables  # (file name without ending, language)
        self._joined: dict[tuple[str, tuple[str, ...]], Tables] = {}

    def voice(self, language: str, names: Iterable[str], rng: Random) -> Voice:
        """A voice that knows the named tables; a later one wins where names meet."""
        key = (language, tuple(names))
        if key not in self._joined:
            joined: dict[str, Sequence[Template]] = {}
            for name in ("common", *key[1]):
                joined.update(self._tables.get((name, language), {}))
            self._joined[key] = joined
        return Voice(self._joined[key], rng)


FILES = (
    "common",
    *(f"offers/{name}" for name in ("sales", "drugs", "medicines", "weapons", "documents", "counterfeits")),
    *(f"offers/{name}" for name in ("payment_fraud", "money_laundering", "accounts_sim", "personal_data", "hacking")),
    *(f"offers/{name}" for name in ("surveillance", "gambling", "sexual_services", "fraud_schemes")),
    *(f"offers/{name}" for name in ("exploitation_violence", "wildlife")),
    *(f"mentions/{name}" for name in ("topics", "report", "legal", "warning", "encyclopaedia", "help", "fiction")),
    "mentions/licensed",
    *(f"ordinary/{name}" for name in ("articles", "trade", "talk", "foreign")),
)


def load_texts() -> Texts:
    """Read every table of `texts/` that FILES names."""
    root = files("nohaven.exercise") / "texts"
    tables: dict[tuple[str, str], Tables] = {}
    for name in FILES:
        written = yaml.load((root / f"{name}.yaml").read_bytes(), Loader=yaml.CSafeLoader)
        for language, keys in written.items():
            tables[name.rpartition("/")[2], language] = {
                key: tuple(parse(line) for line in lines.splitlines()) for key, lines in keys.items()
            }
    return Texts(tables)
