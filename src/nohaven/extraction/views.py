"""Views: readings of a text in one spelling, for matching, each with the way back to the original characters.

The base view undoes entities, invisible characters, compatibility forms, look-alikes, traditional Han and case. Side
views undo spaced-out, split and digit-for-letter spellings; what matches there counts only where the disguise was. The
plain view is the base view with those of them undone that make known words.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

import numpy as np

from nohaven.extraction.disguises import joins, letters
from nohaven.extraction.folding import DROP, SPREAD, Folding
from nohaven.extraction.lexicon import Lexicon
from nohaven.records.view import Edit, Line, Places, SideView, View, Views

_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0530-\u058f]")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[\u200b-\u200f\u00ad])*")
_LATIN = re.compile(r"[a-zA-Z]")
_AROUND = 12  # characters of context that a side view keeps on each side


def read_views(text: str, folding: Folding, lexicon: Lexicon) -> Views:
    """All views of a text."""
    base = base_view(text, folding)
    apart = joins(base.text, folding, lexicon)
    together, starts, ends = _edited(base.text, _identity(len(base.text)), [edit for edit, _ in apart])
    mixed = [
        ((int(starts[start]), int(ends[end - 1]), new), sure)
        for (start, end, new), sure in letters(together, folding, lexicon)
    ]
    both = sorted([*apart, *mixed])
    sides = (
        _side_view(base.text, "rejoined", [edit for edit, _ in apart]),
        _side_view(base.text, "leet", [edit for edit, _ in both], frozenset(edit for edit, _ in mixed)),
    )
    known = [edit for edit, sure in both if sure]
    plain = View(*_edited(base.text, (base.starts, base.ends), known)) if known else base
    return Views(base, tuple(side for side in sides if side is not None), plain)


def base_view(text: str, folding: Folding) -> View:
    """The base view of a text. Offsets are characters."""
    plain, starts, ends = _edited(text, _identity(len(text)), _entities(text))
    plain, starts, ends = _edited(plain, (starts, ends), _look_alikes(plain, folding))
    codes = np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32)
    folded = folding.table[codes]
    if (folded == SPREAD).any():
        edits = [(i, i + 1, folding.spread[plain[i]]) for i in np.flatnonzero(folded == SPREAD).tolist()]
        plain, starts, ends = _edited(plain, (starts, ends), edits)
        folded = folding.table[np.frombuffer(plain.encode("utf-32-le", "replace"), dtype=np.uint32)]
    keep = folded != DROP
    starts, ends, folded = starts[keep], ends[keep], folded[keep]
    space = folded == 32
    double = np.zeros(len(folded), dtype=bool)
    double[1:] = space[1:] & space[:-1]
    keep = ~double
    return View(folded[keep].tobytes().decode("utf-32-le", "replace"), starts[keep], ends[keep])


def _entities(text: str) -> list[Edit]:
    """Entities that the parser left, since they were written twice."""
    if "&" not in text:
        return []
    return [(m.start(), m.end(), html.unescape(m.group())) for m in _ENTITY.finditer(text)]


def _look_alikes(text: str, folding: Folding) -> list[Edit]:
    """Look-alike letters in words of mixed script."""
    if _FOREIGN.search(text) is None:
        return []
    edits: list[Edit] = []
    for word in _WORD.finditer(text):
        if _FOREIGN.search(word.group()) and _LATIN.search(word.group()):
            looks = ((i, folding.look_alikes.get(text[i])) for i in range(word.start(), word.end()))
            edits += [(i, i + 1, latin) for i, latin in looks if latin]
    return edits


def _side_view(text: str, disguise: str, edits: list[Edit], needed: frozenset[Edit] | None = None) -> SideView | None:
    """A view of the disguised stretches with a little context, one a line; of those only that hold a `needed` edit."""
    pieces: list[str] = []
    lines: list[Line] = []
    size = 0
    for first, last, inside in _stretches(text, edits):
        if needed is not None and needed.isdisjoint(inside):
            continue
        lines.append(Line(size, first, tuple(inside)))
        at = first
        for start, end, new in inside:
            pieces += (text[at:start], new)
            at = end
        pieces += (text[at:last], "\n")
        size += last - first + sum(len(new) - (end - start) for start, end, new in inside) + 1
    return SideView(disguise, "".join(pieces), tuple(lines)) if lines else None


def _stretches(text: str, edits: list[Edit]) -> Iterable[tuple[int, int, list[Edit]]]:
    """Stretches of text around the edits, those that touch made one; never across the end of a block."""
    first = last = 0
    inside: list[Edit] = []
    for edit in edits:
        around = max(edit[0] - _AROUND, 0)
        start = max(around, text.rfind("\n", around, edit[0]) + 1)
        if inside and start >= last:
            yield first, last, inside
            inside = []
        if not inside:
            first = start
        inside.append(edit)
        stop = text.find("\n", edit[1], edit[1] + _AROUND)
        last = stop if stop >= 0 else min(edit[1] + _AROUND, len(text))
    if inside:
        yield first, last, inside


def _identity(size: int) -> tuple[Places, Places]:
    """Every character comes from itself."""
    starts = np.arange(size, dtype=np.int32)
    return starts, starts + np.int32(1)


def _edited(text: str, places: tuple[Places, Places], edits: list[Edit]) -> tuple[str, Places, Places]:
    """The text with edits (sorted, apart) done; every new character comes from the whole stretch it replaces."""
    starts, ends = places
    if not edits:
        return text, starts, ends
    pieces: list[str] = []
    at = 0
    for start, end, new in edits:
        pieces += [text[at:start], new]
        at = end
    pieces.append(text[at:])
    sizes = np.array([len(piece) for piece in pieces])
    first = np.zeros(
        len(pieces), dtype=np.int64
    )  # of the old characters, where each piece comes from: kept, new, kept ...
    first[1::2] = [start for start, _, _ in edits]
    first[2::2] = [end for _, end, _ in edits]
    last = first.copy()
    last[1::2] = first[2::2] - 1
    kept = np.arange(len(pieces)) & 1 == 0
    steps = np.where(np.repeat(kept, sizes), np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes), 0)
    return "".join(pieces), starts[np.repeat(first, sizes) + steps], ends[np.repeat(last, sizes) + steps]
