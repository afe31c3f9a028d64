"""All digits of a text at once, as arrays: which windows of them may be a card or resident number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nohaven.values.card import LENGTHS, begins_card

_WIDE = 3  # characters between two rows that are looked at
_ASCII = 128
_UNCLEAR = tuple(map(ord, "<>&%#;\x00"))
_ID = 18  # characters of a resident number
_BEGINS = np.array([begins_card(f"{digits:02}") for digits in range(100)])  # whether a card may begin with two digits

Codes = npt.NDArray[np.unsignedinteger]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Stretches = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Digits:
    """The digits of a text that stand among enough others. Arrays of one length, but for the text's `codes`."""

    values: npt.NDArray[np.int64]  # 0 for x
    x: Flags
    places: Places
    stretch: Stretches  # the same for digits without a break between them
    codes: Codes

    def in_entities(self) -> Stretches:
        """The stretches with a digit behind a #, which may belong to a character's number."""
        found: Stretches = self.stretch[self.codes[np.maximum(self.places - 1, 0)] == ord("#")]
        return found

    def row_starts(self) -> Flags:
        """Whether a row of digits and x that touch begins at each; one more for the end."""
        first = np.ones(len(self.values) + 1, dtype=np.bool_)
        first[1:-1] = (np.diff(self.places) != 1) | (np.diff(self.stretch) != 0)
        return first

    def in_long_rows(self) -> Stretches:
        """The stretches with a row in which a number may begin anywhere."""
        starts = np.flatnonzero(self.row_starts())
        found: Stretches = self.stretch[starts[:-1][np.diff(starts) > max(LENGTHS)]]
        return found

    def with_dates(self) -> Stretches:
        """The stretches with eighteen digits that have a birth date where a resident number has it."""
        count = len(self.values) - _ID + 1
        if count < 1:
            return np.zeros(0, dtype=np.int32)
        century, month, day = (
            10 * self.values[n : n + count] + self.values[n + 1 : n + 1 + count] for n in (6, 10, 12)
        )
        dated = (century >= 18) & (century <= 20) & (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
        together = self.stretch[:count] == self.stretch[_ID - 1 :]
        found: Stretches = self.stretch[:count][dated & (self.values[:count] > 0) & together]
        return found

    def windows(self) -> tuple[Places, Places]:
        """First and one-past-last digit of the windows that may be a card number."""
        first = self.row_starts()
        first[1:-1] |= self.x[1:] | self.x[:-1]  # no card number has an x
        begin = np.flatnonzero(first)[:-1]
        begin = begin[_BEGINS.take(10 * self.values[begin] + self.values[np.minimum(begin + 1, len(self.values) - 1)])]
        sums = _luhn_sums(self.values)
        separators = Separators.of(self, first)
        x = np.append(0, np.cumsum(self.x))
        at = np.tile(begin, len(LENGTHS))
        end = at + np.repeat(np.array(LENGTHS), len(begin))
        at, end = at[end <= len(self.values)], end[end <= len(self.values)]
        whole = first[end] & (self.stretch[at] == self.stretch[end - 1]) & (x[end] == x[at])
        at, end = at[whole], end[whole]
        valid = (sums[end & 1, end] - sums[end & 1, at]) % 10 == 0
        at, end = at[valid], end[valid]
        alike = separators.alike(at, end)
        return at[alike], end[alike]


@dataclass(frozen=True, slots=True)
class Separators:
    """What stands between rows of digits: a number has one throughout, or its rows are of four. Sums up to each row."""

    row: Places  # of each digit
    uneven: Places  # how many rows before are not of four, eight, ...
    changes: Places  # how often what stands before a row differs from what stands before the last
    unclear: Places  # how often it cannot be told here

    @staticmethod
    def of(digits: Digits, first: Flags) -> Separators:
        """Those of digits, of which the rows' first are marked."""
        starts = np.flatnonzero(first)
        after = digits.places[np.maximum(starts[:-1] - 1, 0)] + 1
        width = digits.places[starts[:-1]] - after
        seen, unclear = np.zeros(len(width), dtype=np.int64), (width < 1) | (width > _WIDE)
        for n in range(_WIDE):
            codes = digits.codes[np.minimum(after + n, len(digits.codes) - 1)].astype(np.int64)
            within = n < width
            unclear |= within & np.isin(codes, _UNCLEAR)
            unclear |= within & (codes >= _ASCII)
            seen = np.where(within & (codes > ord(" ")) & (codes != ord("+")), seen * _ASCII + codes, seen)
        seen[unclear] = -1
        return Separators(
            np.cumsum(first[:-1]) - 1,
            np.append(0, np.cumsum(np.diff(starts) % 4 != 0)),
            np.cumsum(np.diff(seen, prepend=-2) != 0),
            np.cumsum(unclear),
        )

    def alike(self, at: Places, end: Places) -> Flags:
        """Whether the windows from digit to digit may be spelled as one number."""
        row, last = self.row[at], self.row[end - 1]
        one = self.changes[last] == self.changes[np.minimum(row + 1, last)]
        alike: Flags = one | (self.unclear[last] != self.unclear[row]) | (self.uneven[last] == self.uneven[row])
        return alike


def _luhn_sums(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Running Luhn sums for windows that end at an even and at an odd place. Shape (2, digits + 1)."""
    twice = 2 * values - 9 * (values > 4)
    odd = np.arange(len(values)) & 1 == 1
    sums = np.zeros((2, len(values) + 1), dtype=np.int64)
    np.cumsum(np.where(odd, values, twice), out=sums[0, 1:])
    np.cumsum(np.where(odd, twice, values), out=sums[1, 1:])
    return sums
