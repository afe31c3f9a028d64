"""Views: readings of a text in one spelling, for matching, each with the way back to the original characters.

The base view undoes entities, invisible characters, compatibility forms, look-alikes, traditional Han and case. Side
views undo spaced-out, split and digit-for-letter spellings; what matches there counts only where the disguise was.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable

import numpy as np

from nohaven.extraction.folding import DROP, SPREAD, Folding
from nohaven.records.view import Edit, Line, Places, SideView, View, Views

_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[a-zA-Z]{2,8});")
_FOREIGN = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0530-\u058f]")
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[\u200b-\u200f\u00ad])*")
_LATIN = re.compile(r"[a-zA-Z]")
# The base view knows one white space, the space; a line feed is the end of a block, over which nothing is joined.
_SEPARATOR = r"[ ._\-*·•・|/\\,，、~+=^]"
_HAN = r"\u4e00-\u9fff"
# Signs between two Han characters are no natural writing. Spaces and commas are, between words; so one of the two
# must stand alone there.
# Each pattern begins with the class of its rarest character and looks back from there: `re` finds a class fast.
_SIGNS = r"._\-*·•・|/\\~+=^"
_SPACED_HAN = re.compile(
    rf"[{_SIGNS} ,，、](?<=[{_HAN}][{_SIGNS} ,，、])"
    rf"(?:(?<=[{_SIGNS}])[{_SIGNS}]{{,2}}(?=[{_HAN}])"
    rf"|(?<=[ ,，、])[ ,，、]{{,2}}(?=[{_HAN}](?![{_HAN}]))"
    rf"|(?:(?<=[^{_HAN}][{_HAN}][ ,，、])|(?<=^[{_HAN}][ ,，、]))[ ,，、]{{,2}}(?=[{_HAN}]))"
)
_SPACED_LATIN = re.compile(  # without its first letter
    rf"{_SEPARATOR}(?<=[a-z0-9]{_SEPARATOR})(?<![a-z0-9][a-z0-9]{_SEPARATOR})"
    rf"[a-z0-9](?:{_SEPARATOR}[a-z0-9]){{1,23}}(?![a-z0-9])"
)
_NOT_SEPARATOR = re.compile(r"[^ ._\-*·•・|/\\,，、~+=^]")
_PICTURE = r"[\u2600-\u27bf\U0001f300-\U0001faff]"
_PICTURE_BETWEEN = re.compile(  # pictures within a word, or between Han characters
    rf"{_PICTURE}(?<=[{_HAN}]{_PICTURE}){_PICTURE}{{,2}}(?=[{_HAN}])"
    rf"|{_PICTURE}(?<=[a-z0-9]{_PICTURE}){_PICTURE}{{,2}}(?=[a-z0-9])"
)
# An exclamation mark is a letter only before another; at the end of a word it is itself.
_LEET = r"(?:[a-z0-9@$€]|!(?=[a-z0-9@$€]))"
_LEET_WORD = re.compile(
    rf"(?=[a-z0-9@$!€]*[a-z])(?={_LEET}*?[0-9@$€]|{_LEET}*?![a-z0-9@$€]){_LEET}{{4,24}}(?![a-z0-9@$€])"
)
# Words of letters alone and of digits alone are passed over in one go; what is left may be mixed.
_MAY_BE_LEET = re.compile(
    r"(?:[^a-z0-9@$!€]++|[a-z]++(?![0-9@$!€])|[0-9]++(?![a-z@$!€]))*+(?:([a-z0-9@$!€])[a-z0-9@$!€]*+|\Z)"
)
_AROUND = 12  # characters of context that a side view keeps on each side


def read_views(text: str, folding: Folding) -> Views:
    """All views of a text."""
    base = base_view(text, folding)
    return Views(base, side_views(base, folding))


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


def side_views(view: View, folding: Folding) -> tuple[SideView, ...]:
    """Readings that undo spacing, splitting and digits for letters, of those stretches alone where they occur."""
    finders: tuple[tuple[str, Callable[[str, Folding], Iterable[Edit]]], ...] = (
        ("rejoined", _rejoined),
        ("leet", _leet),
    )
    made = (_side_view(view.text, name, sorted(set(find(view.text, folding)))) for name, find in finders)
    return tuple(v for v in made if v is not None)


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


def _rejoined(text: str, folding: Folding) -> Iterable[Edit]:
    """Spaced-out and split characters together, since sellers use both at once: 木仓 支."""
    yield from _spaced(text)
    yield from _split(text, folding)


def _spaced(text: str) -> Iterable[Edit]:
    """Han or single letters with separators or pictures between them: 枪 支, g.u.n."""
    for pattern in (_SPACED_HAN, _PICTURE_BETWEEN):
        for gap in pattern.finditer(text):
            yield gap.start(), gap.end(), ""
    for run in _SPACED_LATIN.finditer(text):
        yield from _gaps(text, run.start() - 1, run.end())


def _gaps(text: str, start: int, end: int) -> Iterable[Edit]:
    """The stretches of separators between the characters of a run."""
    at = start
    for letter in _NOT_SEPARATOR.finditer(text, start, end):
        if letter.start() > at:
            yield at, letter.start(), ""
        at = letter.end()


def _split(text: str, folding: Folding) -> Iterable[Edit]:
    """Halves of a Han character side by side, 木仓, or themselves spaced out, 木 仓."""
    for halves, whole in folding.split.items():
        if halves[0] not in text:
            continue
        for spelling in (halves, " ".join(halves)):
            at = text.find(spelling)
            while at >= 0:
                yield at, at + len(spelling), whole
                at = text.find(spelling, at + 1)


def _leet(text: str, folding: Folding) -> Iterable[Edit]:
    """Words that mix letters with digits or signs: gl0ck."""
    for mixed in _MAY_BE_LEET.finditer(text):
        word = _LEET_WORD.match(text, mixed.start(1)) if mixed.lastindex else None
        for i in range(word.start(), word.end()) if word is not None else ():
            if text[i] in folding.leet:
                yield i, i + 1, folding.leet[text[i]]


def _side_view(text: str, disguise: str, edits: list[Edit]) -> SideView | None:
    """A view of the disguised stretches with a little context, one a line."""
    pieces: list[str] = []
    lines: list[Line] = []
    size = 0
    for first, last, inside in _stretches(text, edits):
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
        start = max(edit[0] - _AROUND, text.rfind("\n", 0, edit[0]) + 1)
        if inside and edit[0] < inside[-1][1]:
            continue  # overlaps what is already undone
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
