"""The code-point table behind the views: one lookup a character for everything that is one to one.

Built from NFKC, lower case, traditional to simplified Han and this project's letter forms. What NFKC spreads over
several characters (⒊, ㏄) and what depends on its word (look-alikes) is marked; `views` does it only where it occurs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import cast

import numpy as np
import numpy.typing as npt

from nohaven.records.page import BLOCK_END
from nohaven.store.packaged import read_resource

DROP = 0xFFFFFFFF  # invisible: leaves no trace in a view
SPREAD = 0xFFFFFFFE  # becomes several characters

# Planes beyond the first that hold compatibility letters (mathematical, enclosed, segmented digits), and those of
# invisible characters: shorthand and musical controls, tags, variation selectors.
_RANGES = (
    (0, 0x10000),
    (0x1BCA0, 0x1BCA4),
    (0x1D173, 0x1D17B),
    (0xE0000, 0xE0200),
    (0x1D400, 0x1D800),
    (0x1F100, 0x1F200),
    (0x1FBF0, 0x1FBFA),
    (0x2F800, 0x2FA20),
)
# Han, Yi, Hangul and private letters, which NFKC and lower case leave as they are; Han may still be traditional.
_THEMSELVES = ((0x3400, 0xA000), (0xA000, 0xA48D), (0xAC00, 0xD7A4), (0xE000, 0xF900))
_SPACES = re.compile(r"\s")
_NEGATIVE_LETTERS = ((0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26), (0x1F130, 26), (0x1F110, 26))


@dataclass(frozen=True, slots=True)
class Folding:
    """The tables by which views are made. Shapes: `table` and `bordered` (0x110000,) uint32."""

    table: npt.NDArray[np.uint32]
    bordered: npt.NDArray[np.uint32]  # the same with 0 for NUL
    spread: Mapping[str, str]  # character -> its several characters
    look_alikes: Mapping[str, str]  # letter of another script -> Latin letter, inside mixed words only
    split: Mapping[str, str]  # two halves -> the whole Han character
    leet: Mapping[str, str]  # digit or sign -> letter


def load_folding() -> Folding:
    """Folding from the packaged resources; takes about 0.1 s."""
    simplified = _simplified()
    looks = read_resource("look_alikes")
    forms = cast(dict[str, str], looks["letter_forms"])
    table = np.arange(0x110000, dtype=np.uint32)
    spread: dict[str, str] = {}
    for code in _to_fold():
        _fold_one(code, table, spread, simplified)
    for traditional, simple in simplified.items():
        table[ord(traditional)] = ord(simplified.get(simple, simple))
    for letters, latin in forms.items():
        for letter, becomes in zip(letters, latin, strict=True):
            table[ord(letter)] = ord(becomes)
    for first, count in _NEGATIVE_LETTERS:
        table[first : first + count] = np.arange(ord("a"), ord("a") + count, dtype=np.uint32)
    single = table < SPREAD
    again = table[table[single]]  # lower case can lead to a letter form: Ʀ, ʀ, r
    table[single] = np.where(again < SPREAD, again, table[single])
    table[ord(BLOCK_END)] = ord("\n")
    bordered = table.copy()
    bordered[0] = 0
    mixed = cast(dict[str, dict[str, str]], looks["mixed_script"])
    return Folding(
        table,
        bordered,
        spread,
        {k: v for script in mixed.values() for k, v in script.items()},
        cast(dict[str, str], read_resource("split_characters")["pairs"]),
        cast(dict[str, str], read_resource("leet")["letters"]),
    )


def _to_fold() -> Iterator[int]:
    """The code points that may be folded."""
    plain = sorted(_THEMSELVES)
    borders = [0, *chain.from_iterable(plain), *_RANGES[0][1:]]
    yield from chain.from_iterable(range(first, last) for first, last in zip(borders[::2], borders[1::2], strict=True))
    yield from chain.from_iterable(range(*r) for r in _RANGES[1:])


def _fold_one(code: int, table: npt.NDArray[np.uint32], spread: dict[str, str], simplified: Mapping[str, str]) -> None:
    """Set the entry of one code point."""
    character = chr(code)
    if _invisible(character, code):
        table[code] = DROP
        return
    if _SPACES.match(character) or code == 0:
        table[code] = ord(" ")
        return
    folded = "".join(simplified.get(c, c) for c in unicodedata.normalize("NFKC", character).lower())
    folded = "".join(simplified.get(c, c) for c in folded)
    if len(folded) == 1:
        table[code] = ord(folded)
    elif 0xD800 <= code <= 0xDFFF:
        table[code] = 0xFFFD
    else:
        table[code] = SPREAD
        spread[character] = folded


def _invisible(character: str, code: int) -> bool:
    """Format characters, bidi controls, variation selectors, fillers, strokes laid over letters, enclosing marks."""
    return (
        unicodedata.category(character) in ("Cf", "Me")
        or 0xFE00 <= code <= 0xFE0F
        or 0x0334 <= code <= 0x0338
        or 0xE0100 <= code <= 0xE01EF
        or code in (0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F, 0x17B4, 0x17B5)
    )


def _simplified() -> Mapping[str, str]:
    """Traditional to simplified Han, one character each."""
    lists = read_resource("traditional_simplified")
    traditional = "".join(cast(list[str], lists["traditional"]))
    simplified = "".join(cast(list[str], lists["simplified"]))
    return dict(zip(traditional, simplified, strict=True))
