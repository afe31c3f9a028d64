"""Where in a long text a card or resident number may stand, seen for all its digits at once.

Most digits of a page are sizes, dates, prices and coordinates. To tell by running sums over an array that no window of
them can be such a number costs a tenth of what it takes to look at each. What is named here is only looked at closer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from nohaven.values.card import LENGTHS
from nohaven.values.digits import Codes, Digits, Flags, Places

FEWEST = min(LENGTHS)  # digits of the shortest number
_MOST = 1000  # windows of a text; where there are more, looking at every digit costs less
_TAG = 2002  # characters of the longest tag that may stand within a number
_ENTITY = 24  # characters after an & that may belong to an entity
_UNENDED = 10  # of one without a semicolon
_ZEROS = re.compile(r"&#[xX]?0{12}")  # entities longer than that
_BREAK, _GAP, _DIGIT, _X, _ODD = range(5)  # what a character is to a number; an odd one may stand for a digit


@dataclass(frozen=True, slots=True)
class Signs:
    """Which characters may belong to a number, as the insides of a regular expression's character class."""

    digits: str  # the plain ones and x apart
    gaps: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A stretch of a text. `window`: its digits are one number or none; else all of them are to be looked at."""

    start: int
    end: int
    window: bool


def suspects(text: str, signs: Signs, tags: bool) -> list[list[Suspect]]:
    """Where numbers may stand, each list in the order in which they are to be looked at.

    `tags`: tags may stand within a number. Then there are two lists, for the text around tags and for that inside.
    """
    if _ZEROS.search(text):
        return [[Suspect(0, len(text), False)]]
    codes, table = _codes(text, signs)
    kinds = table.take(codes, mode="clip")
    breaks = kinds == _BREAK
    _spare_entities(text, breaks)
    _break_at_percents(codes, breaks)
    places = np.flatnonzero(kinds >= _DIGIT)
    if not tags:
        return [_found(codes, kinds, places, breaks)]
    inside = _inside_tags(codes)
    within = inside[places]
    around = _found(codes, kinds, places[~within], breaks & ~inside)
    return [around, _found(codes, kinds, places[within], breaks)]


def _codes(text: str, signs: Signs) -> tuple[Codes, npt.NDArray[np.uint8]]:
    """The text's code points and the table of what each is."""
    table = _table(signs)
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8), table[:256]
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) == 2 * len(text):  # each a code point
        return np.frombuffer(units, dtype=np.uint16), table[:0x10000]
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32), table


@lru_cache(maxsize=4)
def _table(signs: Signs) -> npt.NDArray[np.uint8]:
    """What each code point is. Shape (0x20000,): beyond are no digits and nothing that stands within a number."""
    every = "".join(map(chr, range(0x20000)))
    table = np.zeros(len(every), dtype=np.uint8)
    members = ((f"{signs.gaps};#", _GAP), (signs.digits + "%", _ODD), ("0-9", _DIGIT), ("Xx", _X))
    for members_of, kind in members:
        for match in re.finditer(f"[{members_of}]+", every):
            table[match.start() : match.end()] = kind
    return table


def _spare_entities(text: str, breaks: Flags) -> None:
    """The letters of an entity break nothing."""
    place = text.find("&")
    while place >= 0:
        end = text.find(";", place, place + _ENTITY)
        breaks[place : (end if end >= 0 else place + _UNENDED)] = False
        place = text.find("&", place + 1)


def _break_at_percents(codes: Codes, breaks: Flags) -> None:
    """A percent sign breaks what is no space of an address (%20)."""
    signs = np.flatnonzero(codes == ord("%"))
    after = np.minimum(signs + 1, len(codes) - 1), np.minimum(signs + 2, len(codes) - 1)
    breaks[signs[(codes[after[0]] != ord("2")) | (codes[after[1]] != ord("0"))]] = True


def _inside_tags(codes: Codes) -> Flags:
    """Which characters belong to a tag, its angles included."""
    angles = np.flatnonzero(codes | 2 == ord(">"))  # of the two angles, which differ in that bit
    opens, closes = angles[:-1], angles[1:]
    whole = (codes[opens] == ord("<")) & (codes[closes] == ord(">")) & (closes - opens < _TAG)
    edges = np.stack((opens[whole], closes[whole] + 1), axis=1).ravel()
    lengths = np.diff(edges, prepend=0, append=len(codes))
    return np.repeat(np.arange(len(lengths)) & 1 == 1, lengths)


def _found(codes: Codes, kinds: npt.NDArray[np.uint8], places: Places, breaks: Flags) -> list[Suspect]:
    """The windows of those digits, by their places, that may be a number, and the stretches between breaks that
    have to be looked at digit by digit."""
    if len(places) < FEWEST:
        return []
    stretch = np.cumsum(np.logical_or.reduceat(breaks, places)[:-1], dtype=np.int32)
    stretch = np.append(0, stretch)  # digits with no break between them have the same
    first = np.flatnonzero(np.diff(stretch, prepend=-1))
    sizes = np.diff(first, append=len(stretch))
    many = np.repeat(sizes >= FEWEST, sizes)
    places, stretch = places[many], stretch[many]
    if not len(places):
        return []
    values = np.where(kinds[places] == _DIGIT, codes[places].astype(np.int64) - ord("0"), 0)
    digits = Digits(values, kinds[places] == _X, places, stretch, codes)
    at, end = digits.windows()
    unclear = [stretch[kinds[places] == _ODD], digits.in_entities(), digits.in_long_rows(), digits.with_dates()]
    if len(at) > _MOST:
        unclear.append(stretch[at])
    odd = np.unique(np.concatenate(unclear))
    borders = np.flatnonzero(breaks)
    last = np.searchsorted(borders, places[np.searchsorted(stretch, odd)])  # the break behind each
    whole = zip(np.append(0, borders + 1)[last].tolist(), np.append(borders, len(codes))[last].tolist(), strict=True)
    plain = ~np.isin(stretch[at], odd)
    windows = zip(places[at[plain]].tolist(), (places[end[plain] - 1] + 1).tolist(), strict=True)
    found = [*(Suspect(a, e, False) for a, e in whole), *(Suspect(a, e, True) for a, e in windows)]
    return sorted(found, key=lambda suspect: (suspect.start, -suspect.end))
