"""Views: readings of a page's text in one spelling, for matching, each with the way back to the original characters."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int32]
Edit = tuple[int, int, str]  # characters [start, end) are read as that text


@dataclass(frozen=True, slots=True)
class View:
    """The base reading of a text. `starts[i]`, `ends[i]`: where character i comes from in the original."""

    text: str
    starts: Places
    ends: Places

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where [start, end) of the view lies in the original text."""
        return int(self.starts[start]), int(self.ends[end - 1])


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch: it begins at `at` in the side view and at `first` in the base view, with these edits done."""

    at: int
    first: int
    edits: tuple[Edit, ...]

    def origin(self, start: int, end: int) -> tuple[int, int] | None:
        """Base-view place of a part of the line that touches an edit; None otherwise."""
        touched = any(self._inside(edit, start, end) for edit in self._placed())
        return (self._back(start, False), self._back(end, True)) if touched else None

    def _placed(self) -> list[tuple[int, int, Edit]]:
        """Edits with the place of their text in the line."""
        placed: list[tuple[int, int, Edit]] = []
        shift = self.first
        for edit in self.edits:
            begins = edit[0] - shift
            placed.append((begins, begins + len(edit[2]), edit))
            shift += edit[1] - edit[0] - len(edit[2])
        return placed

    @staticmethod
    def _inside(placed: tuple[int, int, Edit], start: int, end: int) -> bool:
        begins, ends, _ = placed
        return start < begins < end if begins == ends else start < ends and begins < end

    def _back(self, at: int, is_end: bool) -> int:
        """The base-view place of a border in the line."""
        shift = self.first
        for begins, ends, (old_start, old_end, new) in self._placed():
            if at < begins or (at == begins and is_end):
                break
            if at < ends or (at == ends and is_end):
                return old_end if is_end else old_start
            shift = old_end - begins - len(new)
        return at + shift


@dataclass(frozen=True, slots=True)
class SideView:
    """The disguised stretches of a base view, undone, one a line, each with a little context."""

    disguise: str  # rejoined (spaced out or split characters) or leet
    text: str
    lines: tuple[Line, ...]

    def origin(self, start: int, end: int) -> tuple[int, int] | None:
        """Where [start, end) lies in the base view; None when it touches no disguise."""
        line = self.lines[bisect_right(self.lines, start, key=lambda x: x.at) - 1]
        return line.origin(start - line.at, end - line.at)


@dataclass(frozen=True, slots=True)
class Views:
    """All views of one text."""

    base: View
    sides: tuple[SideView, ...]
    plain: View  # the base view with the disguises undone that make known words; the same object where there are none


_NOTHING = View("", np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32))
NO_VIEWS = Views(_NOTHING, (), _NOTHING)
