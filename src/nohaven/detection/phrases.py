"""The words of a text as the fitted model knows them: words and pairs of words, Han characters up to three together.

Addresses, handles, codes, numbers and words of identity are masked: each is one and the same word, so that no contact
teaches anything, and swapping a word of identity leaves a score equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from nohaven.store.packaged import read_resource

_HAN_TOGETHER = 3
_HAN = "\u4e00-\u9fff"
_OTHER = (
    "\u3040-\u30ff\uac00-\ud7a3\u0e00-\u0e7f\u0400-\u04ff\u0590-\u06ff"  # kana, Hangul, Thai, Cyrillic, Hebrew, Arabic
)
_TOKENS = rf"""
    (?P<url>https?://\S+ | (?<![a-z0-9.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*
        \.(?:com|net|org|cn|me|io|cc|top|xyz|vip|info|onion|ru|co|example|shop|store|site)(?![a-z0-9-])(?:[/:?]\S*)?)
  | (?P<handle>[@\#][a-z0-9_]+ | (?<![a-z0-9_])[a-z0-9-]*_[a-z0-9_-]+
        | (?<![a-z0-9_])[a-z0-9-]*example[a-z0-9-]*  # the handles of made-up texts
        | (?<![a-z0-9_.+-])[a-z0-9_.+-]+@[a-z0-9][a-z0-9.-]*)
  | (?P<code>(?<![a-z0-9_-])(?=[a-z_-]*[0-9])(?=[0-9]*[a-z_])[a-z0-9_-]{{5,}})
  | (?P<number>[0-9]+)
  | (?P<word>[a-z\u00df-\u00ff\u0100-\u017f][a-z'\u00df-\u00ff\u0100-\u017f]*)
  | (?P<han>[{_HAN}]+)
  | (?P<other>[{_OTHER}]+)
  | (?P<sign>[^\s\w])
"""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What a text is made of. `places`: where each phrase stands first, in the characters of the text given."""

    places: dict[str, tuple[int, int]]
    tokens: int  # words, signs and Han characters


def phrases(text: str, stretches: Iterable[tuple[int, int]]) -> Phrases:
    """The phrases of stretches of a text in base-view spelling; none reaches from one into the next."""
    places: dict[str, tuple[int, int]] = {}
    tokens = 0
    for first, last in stretches:
        before: tuple[str, int] | None = None  # the token before, and where it begins
        for token in _pattern().finditer(text, first, last):
            start, end = token.span()
            if token.lastgroup == "han":
                tokens += end - start
                for name, place in _together(token.group(), start):
                    places.setdefault(name, place)
                before = None
                continue
            tokens += 1
            name = _name(token.lastgroup or "", token.group())
            places.setdefault(name, (start, end))
            if before is not None:
                places.setdefault(f"{before[0]} {name}", (before[1], end))
            before = (name, start)
    return Phrases(places, tokens)


def _together(run: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """Han characters of a run, alone and up to _HAN_TOGETHER side by side, each with its place."""
    for size in range(1, _HAN_TOGETHER + 1):
        for n in range(len(run) - size + 1):
            yield run[n : n + size], (at + n, at + n + size)


def _name(kind: str, token: str) -> str:
    """A token as the model knows it."""
    if kind in ("url", "handle", "code", "identity"):
        return f"<{kind}>"
    if kind == "number":
        return "0" if len(token) == 1 else "00"
    return token


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """Of all tokens, words of identity first."""
    words = sorted(cast(list[str], read_resource("identity_words")["words"]), key=lambda w: (-len(w), w))
    latin = "|".join(re.escape(w).replace(r"\ ", r"\s") for w in words if w.isascii())
    han = "|".join(w for w in words if not w.isascii())
    identity = rf"(?P<identity>(?<![a-z0-9])(?:{latin})(?:e?s)?(?![a-z0-9]) | {han})"
    return re.compile(f"{identity} | {_TOKENS}", re.VERBOSE)
