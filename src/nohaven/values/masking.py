"""Overwrites card numbers and resident identity numbers, in any spelling a page may give them, with `*`.

Length is kept, so that offsets stay true. Separators within a number are kept. Masking too much is harmless, too
little is not; but phone numbers in a row must survive, so a number begins and ends where its digits do.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

from nohaven.values.card import LENGTHS, begins_card, is_card
from nohaven.values.resident_id import SHAPE, is_resident_id
from nohaven.values.suspects import Signs, Suspect, suspects

# Digits that NFKC makes plain: those of any script, and circled, bracketed, dotted, raised and lowered ones.
_DIGIT = (
    r"\d\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468\u2474-\u247c\u2488-\u2490"
    r"\u24ea\u24f5-\u24fd\u24ff\u2776-\u277e\u2780-\u2788\u278a-\u2792"
)
_CHECK = r"Xx\uff38\uff58"
_NUMBER_OF_DIGIT = (  # of an entity, behind its &
    r"\#(?:0*(?:4[89]|5[0-7]|88|120|6529[6-9]|6530[0-5]|65336|65368)"
    r"|[xX]0*(?:3[0-9]|58|78|[fF]{2}1[0-9]|[fF]{2}[35]8))(?![0-9a-fA-F]);?"
)
_ENTITY_DIGIT = rf"&{_NUMBER_OF_DIGIT}"
_ENTITY = r"&(?:[a-zA-Z]{2,20}|\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6});"
# Invisible between two digits: format characters, variation selectors, keycaps, NUL. Any number counts as none.
_UNSEEN = r"\x00\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u20e3"
# Seen between two digits of one number: white space, dashes, dots, commas, strokes; in URLs also + and %20.
_SEEN = r"\s++|[.\-_,/\u2010-\u2015\u2212\ufe63\uff0d\uff0e\uff0f\u00b7\u2022\u30fb]|(?<=\d)\+(?=\d)|%20"
_TEXT_GAP = rf"[{_UNSEEN}]*+(?:(?:{_SEEN}|(?!{_ENTITY_DIGIT}){_ENTITY})[{_UNSEEN}]*+){{0,4}}+"
_MARKUP_GAP = rf"[{_UNSEEN}]*+(?:(?:{_SEEN}|<[^<>]{{0,2000}}>|(?!{_ENTITY_DIGIT}){_ENTITY})[{_UNSEEN}]*+){{0,10}}+"
# The class comes first, since `re` looks for a class fast; where a run fails from the first digit of a row, it fails
# from the others.
_FIRST = rf"[{_DIGIT}&](?:(?<!&)(?<![0-9][\s\S])|(?<=&){_NUMBER_OF_DIGIT})"
_TEXT_RUN = re.compile(rf"{_FIRST}(?:[0-9]|{_TEXT_GAP}(?:[{_DIGIT}{_CHECK}]|{_ENTITY_DIGIT})){{12,}}+")
_MARKUP_RUN = re.compile(rf"{_FIRST}(?:[0-9]|{_MARKUP_GAP}(?:[{_DIGIT}{_CHECK}]|{_ENTITY_DIGIT})){{12,}}+")
_TOKEN = re.compile(rf"{_ENTITY_DIGIT}|<[^<>]*>|{_ENTITY}|%20|[\s\S]")
_ROW = re.compile(r"<[^<>]*>|%20|([0-9Xx]+)")
_MIXED_ROW = re.compile("[0-9][Xx]|[Xx][0-9Xx]")
_NO_BREAK = re.compile(rf"[{_UNSEEN}]|<[^<>]*>")  # leaves no trace between two digits
_SIGNS = Signs(
    _DIGIT + r"\uff38\uff58", rf"{_UNSEEN}\s.\-_,/\u2010-\u2015\u2212\ufe63\uff0d\uff0e\uff0f\u00b7\u2022\u30fb+&"
)
_SHORT = 2000  # characters up to which a text is searched at once


_Sums = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class _Digit:
    """A digit (or the check character X) with its place in the text."""

    value: str
    start: int
    end: int
    gap: str  # what stands between it and the digit before

    @property
    def after_gap(self) -> bool:
        """Whether its neighbour is a gap away."""
        return self.gap != ""


def mask_text(text: str) -> str:
    """The text with its card and resident numbers overwritten; the very same string where there are none."""
    return _mask(text, _TEXT_RUN, tags=False)


def mask_markup(markup: str) -> str:
    """The same for mark-up, where tags and entities may stand between or for digits."""
    return _mask(markup, _MARKUP_RUN, tags=True)


def _mask(text: str, run: re.Pattern[str], tags: bool) -> str:
    if len(text) > _SHORT:
        hidden = sorted({place for listed in suspects(text, _SIGNS, tags) for place in _confirmed(text, run, listed)})
    else:
        hidden = [place for match in run.finditer(text) for place in _numbers(text, *match.span())]
    if not hidden:
        return text
    pieces, done = [], 0
    for start, end in hidden:
        pieces += [text[done:start], "*" * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])


def _confirmed(text: str, run: re.Pattern[str], listed: Iterable[Suspect]) -> Iterator[tuple[int, int]]:
    """Places of the digits to hide among suspects; of windows that overlap the first, of those that begin together the
    longest."""
    done = 0
    for suspect in listed:
        if suspect.window and suspect.start < done:
            continue
        for match in run.finditer(text, suspect.start, suspect.end):
            find = _numbers_by_digit if suspect.window else _numbers
            found = list(find(text, *match.span()))
            if found and (found[0][0] == suspect.start or not suspect.window):
                done = found[-1][1]
                yield from found


def _numbers(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Places of the digits to hide in a run of digits and gaps."""
    return iter(()) if _surely_none(text, start, end) else _numbers_by_digit(text, start, end)


def _surely_none(text: str, start: int, end: int) -> bool:
    """Whether a run surely has no number to hide, seen row by row of digits.

    Most runs are coordinates, prices and dates. To look at them digit by digit costs ten times as much.
    """
    if not text[start:end].isascii() or text.find("&", start, end) >= 0:
        return False
    places = [m.span(1) for m in _ROW.finditer(text, start, end) if m.lastindex]
    rows = [text[first:last] for first, last in places]
    values = "".join(rows)
    if max(map(len, rows)) > LENGTHS.start or _MIXED_ROW.search(" ".join(rows)) or SHAPE.search(values):
        return False
    ends = list(accumulate(map(len, rows)))
    separators = [_separator(text[last:first]) for (_, last), (first, _) in pairwise(places)]
    return not any(_may_be_card(values, rows, ends, separators, n) for n in range(len(rows)) if begins_card(rows[n]))


def _may_be_card(values: str, rows: list[str], ends: list[int], separators: list[str], first: int) -> bool:
    """Whether the rows from the first on may make up a card number: by length, check digit and separators."""
    at = ends[first] - len(rows[first])
    fours = len(rows[first]) % 4 == 0
    for last in range(bisect_left(ends, at + LENGTHS[-1]), bisect_right(ends, at + LENGTHS.start)):
        between = separators[first:last]
        if (fours or not all(between) or len(set(between)) < 2) and is_card(values[at : ends[last]]):
            return True
    return False


def _numbers_by_digit(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The same, for any spelling."""
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
    if at and not _apart(digits, at) and not long_row:
        return 0
    for end in (at + size for size in LENGTHS):
        ends = end == len(digits) or (end < len(digits) and (long_row or _apart(digits, end)))
        # the running sums refuse nine windows in ten, so that a page of nothing but digits stays cheap
        if not ends or (sums[end & 1][end] - sums[end & 1][at]) % 10:
            continue
        if is_card(values[at:end]) and _one_spelling(digits[at + 1 : end]):
            return end - at
    return 0


def _apart(digits: list[_Digit], at: int) -> bool:
    """Whether a number may begin or end before a digit: at a gap or at an X, which is in no card number."""
    return digits[at].after_gap or digits[at].value == "X" or digits[at - 1].value == "X"


def _one_spelling(rest: list[_Digit]) -> bool:
    """Whether the digits after the first are grouped as one number: by one separator throughout, or by fours.

    Phone numbers in a row (400-555-0100, 400-555-0101) are not.
    """
    sizes, separators = [1], set()
    for digit in rest:
        separator = _separator(digit.gap) if digit.gap else ""
        if separator:
            separators.add(separator)
            sizes.append(0)
        sizes[-1] += 1
    return len(separators) < 2 or all(size % 4 == 0 for size in sizes[:-1])


@lru_cache(maxsize=4096)
def _separator(gap: str) -> str:
    """What a reader sees between two digits: a sign, a space for all white space, or nothing."""
    seen = html.unescape(_NO_BREAK.sub("", gap)).replace("%20", " ").replace("+", " ")
    return seen.strip() or (" " if seen else "")


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
    for first, last in pairwise(starts):
        out += [last - first > LENGTHS.start] * (last - first)
    return out


def _digits(text: str, start: int, end: int) -> list[_Digit]:
    """The digits of a run, each with its place."""
    out: list[_Digit] = []
    gap_from = start
    for token in _TOKEN.finditer(text, start, end):
        value = _value(token.group())
        if value is not None:
            out.append(_Digit(value, token.start(), token.end(), text[gap_from : token.start()]))
            gap_from = token.end()
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
    value = unicodedata.digit(token, None)
    return None if value is None else str(value)
