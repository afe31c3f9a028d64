"""What an erasure takes away: the condition on a row, whatever table, copy of a capture or input it comes from."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote

from nohaven.errors import UserMistake
from nohaven.store.tables import Row
from nohaven.values.site import carrier_of, registrable, site_of

_SITE_COLUMNS = frozenset({"site", "carrier", "site_a", "site_b"})
_URL_COLUMNS = frozenset({"url", "final_url"})
_TIME_COLUMNS = ("captured_at", "last_seen", "seen_at", "checked_at", "joined_at")

Condition = Callable[[Row], bool]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is to go: exactly one of the three."""

    site: str | None = None
    value: str | None = None
    older_than_days: int | None = None

    @property
    def kind(self) -> str:
        """The word for the record."""
        return "site" if self.site is not None else "value" if self.value is not None else "older_than"


def condition(erasure: Erasure, now: datetime, swept: datetime) -> Condition:
    """Whether a row is to go. `swept`: when the sweep was done, the age of rows that tell none of their own."""
    if erasure.site is not None:
        return _of_site(erasure.site.strip().lower())
    if erasure.value is not None:
        return _with_value(erasure.value.strip())
    limit = now - timedelta(days=erasure.older_than_days or 0)
    return lambda row: any(t < limit for t in _times(row) or [swept])


def texts(values: object) -> Iterator[str]:
    """All strings in nested values."""
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict):
        yield from texts(list(values.values()))
    elif isinstance(values, (list, tuple)):
        for value in values:
            yield from texts(value)


def _times(row: Row) -> list[datetime]:
    return [t for c in _TIME_COLUMNS if isinstance(t := row.get(c), datetime)]


def _of_site(site: str) -> Condition:
    """Rows of a site: by its columns, and by the site and carrier of every URL."""
    if not site:
        raise UserMistake("--site is empty; name the site to erase.")
    wanted = {site, registrable(site) if "/" not in site else site}

    def goes(row: Row) -> bool:
        if any(row.get(c) in wanted for c in _SITE_COLUMNS):
            return True
        urls = [u for c in _URL_COLUMNS if isinstance(u := row.get(c), str)]
        return any(site_of(u) in wanted or carrier_of(u) in wanted for u in urls)

    return goes


def _with_value(value: str) -> Condition:
    """Rows in which a value stands anywhere as a whole word, whatever the column; also behind entities and %-codes."""
    if not value:
        raise UserMistake("--value is empty; name the channel, number or name to erase.")
    pattern = re.compile(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", re.IGNORECASE)

    def stands(text: str) -> bool:
        spellings = [text, html.unescape(text) if "&" in text else "", unquote(text) if "%" in text else ""]
        return any(pattern.search(spelling) for spelling in spellings)

    return lambda row: any(stands(text) for text in texts(list(row.values())))
