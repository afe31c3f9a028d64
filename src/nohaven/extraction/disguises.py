"""Finds spelling that hides words, and says how it is to be read: edits of a text in base-view spelling.

An edit is sure where what it makes is known; the others count only where a rule matches what they make.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate

from nohaven.extraction.folding import Folding
from nohaven.extraction.lexicon import Lexicon
from nohaven.records.view import Edit

Found = tuple[Edit, bool]  # an edit, and whether it is sure

# The base view knows one white space, the space; a line feed is the end of a block, over which nothing is joined.
_SEPARATOR = r"[ ._\-*·•・|/\\,，、~+=^]"
_HAN = r"\u4e00-\u9fff"
# Signs between two Han characters are rare in natural writing. Spaces and commas are not, between words; so one of the
# two must stand alone there.
# Each pattern begins with the class of its rarest character and looks back from there: `re` finds a class fast.
_SIGNS = r"._\-*·•・|/\\~+=^"
_APART_HAN = re.compile(
    rf"[{_SIGNS} ,，、](?<=[{_HAN}][{_SIGNS} ,，、])"
    rf"(?:(?<=[{_SIGNS}])[{_SIGNS}]{{,2}}(?=[{_HAN}])"
    rf"|(?<=[ ,，、])[ ,，、]{{,2}}(?=[{_HAN}](?![{_HAN}]))"
    rf"|(?:(?<=[^{_HAN}][{_HAN}][ ,，、])|(?<=^[{_HAN}][ ,，、]))[ ,，、]{{,2}}(?=[{_HAN}]))"
)
_LONE = "a-z0-9%$£€¥"  # what may stand alone in a row
_LOOKS = r"\u0370-\u03ff\u0400-\u052f"  # letters of other scripts, which may look alike
_LOOK = re.compile(f"[{_LOOKS}]")


def _rows(lone: str, fewest: int) -> re.Pattern[str]:
    """Finds rows of characters apart, without their first."""
    apart = rf"{_SEPARATOR}(?<=[{lone}]{_SEPARATOR})(?<![{lone}][{lone}]{_SEPARATOR})[{lone}]"
    return re.compile(rf"{apart}(?:{_SEPARATOR}[{lone}]){{{fewest - 2},600}}(?![{lone}])")


_ROWS = {(fewest, looks): _rows(_LONE + _LOOKS * looks, fewest) for fewest in (2, 3) for looks in (False, True)}
_HAN_AND_LETTER = re.compile(  # one letter beside a Han character, as sellers write the names of coins and chats
    rf"{_SEPARATOR}(?<=[{_HAN}]{_SEPARATOR})(?=[a-z](?![a-z0-9]))|{_SEPARATOR}(?<=[^a-z0-9][a-z]{_SEPARATOR})(?=[{_HAN}])"
)
_ASCII = re.compile("[a-z0-9]")
_ANY_HAN = re.compile(f"[{_HAN}]")
_NOT_SEPARATOR = re.compile(r"[^ ._\-*·•・|/\\,，、~+=^]")
_PICTURE = r"[\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
_PICTURES_HAN = re.compile(  # beside a Han character, within what is one word
    rf"{_PICTURE}(?<=[{_HAN}]{_PICTURE}){_PICTURE}{{,2}}(?=[{_HAN}a-z0-9])"
    rf"|{_PICTURE}(?<=[a-z0-9]{_PICTURE}){_PICTURE}{{,2}}(?=[{_HAN}])"
)
_PICTURES_LETTERS = re.compile(  # between letters, to the end of the word
    rf"{_PICTURE}(?<=[a-z0-9@$€!]{_PICTURE})(?:{_PICTURE}{{,2}}[a-z0-9@$€!]+)(?:{_PICTURE}{{1,3}}[a-z0-9@$€!]+)*"
)
_WORD_BEFORE = re.compile(r"[a-z0-9@$€!]{1,30}\Z")
_PICTURES = re.compile(rf"{_PICTURE}+")
_BETWEEN_LETTERS = re.compile("([^a-z]+)")
_GAP = re.compile(_SEPARATOR)
_SHORTEST_BROKEN = 7  # letters of a word that is put together from two
# An exclamation mark is a letter only before another; at the end of a word it is itself.
_LEET = r"(?:[a-z0-9@$€]|!(?=[a-z0-9@$€]))"
_LEET_WORD = re.compile(
    rf"(?=[a-z0-9@$!€]*[a-z])(?={_LEET}*?[0-9@$€]|{_LEET}*?![a-z0-9@$€]){_LEET}{{2,24}}(?![a-z0-9@$€])"
)
# Words of letters alone and of digits alone are passed over in one go; what is left may be mixed.
_MAY_BE_LEET = re.compile(
    r"(?:[^a-z0-9@$!€]++|[a-z]++(?![0-9@$!€])|[0-9]++(?![a-z@$!€]))*+(?:([a-z0-9@$!€])[a-z0-9@$!€]*+|\Z)"
)
_NEAR = 200  # characters
_LONG = 4  # letters from which a mixed word is one by itself; shorter ones beside such a word
_TELLING_ROW = 6  # letters of a row apart that shows that pairs of letters may be rows too
_SURE_PIECE = 3  # letters of a known word that makes a row of letters apart sure
_MOST_ROWS = 200  # of letters apart that are cut into words, the longest; in a flood of more the rest stay together


def joins(text: str, folding: Folding, lexicon: Lexicon) -> list[Found]:
    """What puts together letters and Han characters set apart, broken or split. In order, none over another."""
    found = [*_pictures(text, folding, lexicon), *_apart(text, folding, lexicon), *_broken(text, lexicon)]
    if _ANY_HAN.search(text) is not None:
        for pattern in (_APART_HAN, _PICTURES_HAN, _HAN_AND_LETTER):
            found += (((gap.start(), gap.end(), ""), _makes_pair(gap, text, lexicon)) for gap in pattern.finditer(text))
        found += _split(text, folding, lexicon)
    return list(_clear(sorted(found)))


def _makes_pair(gap: re.Match[str], text: str, lexicon: Lexicon) -> bool:
    """Whether the characters on both sides of a gap are a known pair: 甲、乙 and 男/女 are written so by anybody."""
    return lexicon.knows(text[gap.start() - 1] + text[gap.end()])


def letters(text: str, folding: Folding, lexicon: Lexicon) -> list[Found]:
    """Digits and signs that stand for letters: gl0ck. In order, none over another."""
    words = [
        word
        for mixed in _MAY_BE_LEET.finditer(text)
        if mixed.lastindex and (word := _LEET_WORD.match(text, mixed.start(1))) is not None
    ]
    read = [(word.start(), word.group(), *_read(word.group(), folding, lexicon)) for word in words]
    sure_at = [start for start, word, _, sure in read if sure and len(word) >= _LONG]
    return [
        ((start + n, start + n + 1, new), sure)
        for start, word, spelled, sure in read
        if len(word) >= _LONG or (sure and _any_near(sure_at, start))
        for n, (old, new) in enumerate(zip(word, spelled, strict=True))
        if old != new
    ]


def _read(word: str, folding: Folding, lexicon: Lexicon) -> tuple[str, bool]:
    """A mixed word in letters, and whether it is known: by itself, not with an ending (gen5 is not gens), and at least
    half of it letters (100k is not look). A 1 is an i or an l."""
    spelled = "".join(folding.leet.get(c, c) for c in word)
    if 2 * sum("a" <= c <= "z" for c in word) < len(word):
        return spelled, False
    if spelled in lexicon.plain:
        return spelled, True
    other = "".join("l" if c in "1!" else folding.leet.get(c, c) for c in word)
    return (other, True) if other in lexicon.plain else (spelled, False)


def _any_near(places: Sequence[int], place: int) -> bool:
    """Whether one of places, in order, lies within a sentence or so of another."""
    at = bisect_left(places, place - _NEAR)
    return at < len(places) and places[at] <= place + _NEAR


def _clear(found: Iterable[Found]) -> Iterator[Found]:
    """Of edits in order those that do not touch what an earlier one undoes."""
    done = 0
    for edit, sure in found:
        if edit[0] >= done:
            yield edit, sure
            done = edit[1]


def _pictures(text: str, folding: Folding, lexicon: Lexicon) -> Iterator[Found]:
    """Pictures within a word of letters; sure where the whole is a number or known."""
    for run in _PICTURES_LETTERS.finditer(text):
        before = _WORD_BEFORE.search(text, max(0, run.start() - 30), run.start())
        whole = (before.group() if before else "") + _PICTURES.sub("", run.group())
        sure = whole.isdigit() or _read(whole, folding, lexicon)[1]
        for gap in _PICTURES.finditer(text, run.start(), run.end()):
            yield (gap.start(), gap.end(), ""), sure


def _apart(text: str, folding: Folding, lexicon: Lexicon) -> Iterator[Found]:
    """Letters set apart, g.u.n, cut into words where those are known: b u y g u n s."""
    looks = _LOOK.search(text) is not None
    rows = list(_ROWS[3, looks].finditer(text))
    if any(row.end() - row.start() >= 2 * _TELLING_ROW - 1 for row in rows):
        rows = list(_ROWS[2, looks].finditer(text))
    cut = set(sorted(range(len(rows)), key=lambda n: rows[n].start() - rows[n].end())[:_MOST_ROWS])  # the longest
    for number, row in enumerate(rows):
        places = [m.start() for m in _NOT_SEPARATOR.finditer(text, row.start() - 1, row.end())]
        letters_apart = "".join(text[place] for place in places)
        if _ASCII.search(letters_apart) is None:
            continue  # a row of another script
        plain = "".join(folding.look_alikes.get(c, c) for c in letters_apart)
        pieces = _cut(plain, folding, lexicon) if number in cut else [plain]
        sure = 2 * _known_letters(pieces, lexicon) >= len(plain)
        yield from ((edit, sure) for edit in _row_edits(text, places, plain, set(accumulate(map(len, pieces)))))


def _cut(row: str, folding: Folding, lexicon: Lexicon) -> list[str]:
    """A row of letters cut into words; its digits are read as letters where that makes more of it known."""
    pieces = lexicon.cut(row)
    if row.isdigit() or row.isalpha():
        return pieces
    others = lexicon.cut("".join(folding.leet.get(c, c) for c in row))
    return others if _known_letters(others, lexicon) > _known_letters(pieces, lexicon) else pieces


def _known_letters(pieces: Iterable[str], lexicon: Lexicon) -> int:
    """Letters of the pieces that are known words, short ones left out."""
    return sum(len(piece) for piece in pieces if len(piece) >= _SURE_PIECE and lexicon.knows(piece))


def _row_edits(text: str, places: Sequence[int], plain: str, ends: Collection[int]) -> Iterator[Edit]:
    """Gaps closed, or made one space after the letters where words end; look-alikes read as Latin."""
    for nth, place in enumerate(places):
        if not text[place].isascii() and plain[nth] != text[place]:
            yield place, place + 1, plain[nth]
        if nth + 1 == len(places):
            return
        following = places[nth + 1]
        word_ends = nth + 1 in ends and text[following] != "%" and text[place] not in "$£€¥"
        new = " " if word_ends else ""
        if text[place + 1 : following] != new:
            yield place + 1, following, new


def _broken(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Two stretches of letters that are a known word together, and not each by itself: prescr iption."""
    parts = _BETWEEN_LETTERS.split(text)  # letters, what stands between, letters ...
    words, known = parts[::2], lexicon.plain
    unknown = set(words) - lexicon.words
    broken = [
        nth
        for nth, (first, gap, second) in enumerate(zip(words, parts[1::2], words[1:], strict=False))
        if (first in unknown or second in unknown) and len(gap) == 1 and first + second in known
    ]
    ends = list(accumulate(map(len, parts))) if broken else []
    for nth in broken:
        first, gap, second = parts[2 * nth : 2 * nth + 3]
        if min(len(first), len(second)) > 1 and len(first) + len(second) >= _SHORTEST_BROKEN and _GAP.match(gap):
            yield (ends[2 * nth], ends[2 * nth + 1], ""), True


def _split(text: str, folding: Folding, lexicon: Lexicon) -> Iterator[Found]:
    """Halves of a Han character side by side, 木仓, or themselves apart, 木 仓; sure where it makes a known pair."""
    for halves, whole in folding.split.items():
        if halves[0] not in text:
            continue
        for spelling in (halves, " ".join(halves)):
            at = text.find(spelling)
            while at >= 0:
                end = at + len(spelling)
                sure = lexicon.knows(text[at - 1 : at] + whole) or lexicon.knows(whole + text[end : end + 1])
                yield (at, end, whole), sure
                at = text.find(spelling, at + 1)
