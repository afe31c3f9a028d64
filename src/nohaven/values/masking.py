"""Overwrites card numbers and resident identity numbers, in any spelling a page may give them, with `*`.

Length is kept, so that offsets stay true. Separators within a number are kept. Masking too much is harmless, too
little is not; but phone numbers in a row must survive, so a number begins and ends where its digits do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from nohaven.values.card import LENGTHS, is_card
from nohaven.values.resident_id import is_resident_id

# What may stand between the digits of one number: spaces of all kinds, dashes, dots, invisible characters. In
# mark-up also tags and entities for spaces.
_GAP = r"[\s.\-_\u2010-\u2015\u2212\u00ad\u200b-\u200f\u2060\ufeff\u00b7\x00,/]"
_TEXT_RUN = re.compile(rf"\d(?:{_GAP}{{0,3}}[\dXx\uff38\uff58]){{12,}}")
_ENTITY_DIGIT = r"&\#(?:0*(?:4[89]|5[0-7]|88|120)|[xX]0*(?:3[0-9]|58|78));?"
_MARKUP_GAP = rf"(?:{_GAP}|<[^<>]{{0,400}}>|&(?:nbsp|ensp|emsp|thinsp|shy|zwnj|zwj|\#(?:0*(?:32|45|46|160|8203)|[xX]0*(?:20|2[dDeE]|[aA]0|200[bB])));)"
_MARKUP_RUN = re.compile(
    rf"(?:\d|{_ENTITY_DIGIT})(?:{_MARKUP_GAP}{{0,6}}(?:[\dXx\uff38\uff58]|%20(?=\d)|\+(?=\d)|{_ENTITY_DIGIT})){{12,}}"
)
_MARKUP_TOKEN = re.compile(rf"{_ENTITY_DIGIT}|<[^<>]*>|&[^;\s]{{1,8}};|%20|[\s\S]")
_QUICK = re.compile(r"\d")


_Sums = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class _Digit:
    """A digit (or the check character X) with its place in the text and whether its neighbour is a gap away."""

    value: str
    start: int
    end: int
    after_gap: bool


def mask_text(text: str) -> str:
    """The text with its card and resident numbers overwritten; the very same string where there are none."""
    return _mask(text, _TEXT_RUN)


def mask_markup(markup: str) -> str:
    """The same for mark-up, where tags and entities may stand between or for digits."""
    return _mask(markup, _MARKUP_RUN)


def _mask(text: str, run: re.Pattern[str]) -> str:
    hidden = [place for match in run.finditer(text) for place in _numbers(text, match.start(), match.end())]
    if not hidden:
        return text
    characters = list(text)
    for start, end in hidden:
        characters[start:end] = "*" * (end - start)
    return "".join(characters)


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Places of the digits to hide in a run of digits and gaps."""
    digits = _digits(text, start, end)
    values = "".join(d.value for d in digits)
    long_rows, sums = _long_rows(digits), _luhn_sums(values)
    at = 0
    while at < len(digits):
        size = _size_at(digits, values, at, (long_rows[at], sums))
        for digit in digits[at : at + size]:
            yield digit.start, digit.end
        at += size or 1


def _size_at(digits: list[_Digit], values: str, at: int, row: tuple[bool, _Sums]) -> int:
    """Length of the number that begins at a digit, or 0."""
    long_row, sums = row
    if is_resident_id(values[at : at + 18]):
        return 18
    if at and not digits[at].after_gap and not long_row:
        return 0
    for end in (at + size for size in LENGTHS):
        ends = end == len(digits) or (end < len(digits) and (long_row or digits[end].after_gap))
        # the running sums refuse nine windows in ten, so that a page of nothing but digits stays cheap
        if ends and (sums[end & 1][end] - sums[end & 1][at]) % 10 == 0 and is_card(values[at:end]):
            return end - at
    return 0


def _luhn_sums(values: str) -> _Sums:
    """Running Luhn sums, one for windows that end at an even place and one for odd ends (X counts as 0)."""
    plain = [int(v) if v != "X" else 0 for v in values]
    twice = [2 * d - 9 if d > 4 else 2 * d for d in plain]
    even_end = accumulate((d if i & 1 else t for i, (d, t) in enumerate(zip(plain, twice, strict=True))), initial=0)
    odd_end = accumulate((t if i & 1 else d for i, (d, t) in enumerate(zip(plain, twice, strict=True))), initial=0)
    return list(even_end), list(odd_end)


def _long_rows(digits: list[_Digit]) -> list[bool]:
    """For each digit: whether it stands in an unbroken row of more than 19, where a number may begin anywhere."""
    starts = [i for i, d in enumerate(digits) if i == 0 or d.after_gap] + [len(digits)]
    out: list[bool] = []
    for first, last in zip(starts, starts[1:], strict=False):
        out += [last - first > LENGTHS.start] * (last - first)
    return out


def _digits(text: str, start: int, end: int) -> list[_Digit]:
    """The digits of a run, each with its place."""
    out: list[_Digit] = []
    gap = False
    for token in _MARKUP_TOKEN.finditer(text, start, end):
        value = _value(token.group())
        if value is None:
            gap = True
            continue
        out.append(_Digit(value, token.start(), token.end(), gap))
        gap = False
    return out


def _value(token: str) -> str | None:
    """The digit or X that a token stands for; None for a gap."""
    if token.startswith("&#"):
        body = token[2:].rstrip(";")
        code = int(body[1:], 16) if body[:1] in "xX" else int(body)
        token = chr(code)
    if len(token) != 1:
        return None
    if token in "Xx\uff38\uff58":
        return "X"
    return str(int(token)) if token.isdecimal() else None
