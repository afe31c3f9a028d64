"""Mark-up nested deeper than browsers keep it. Parsing takes the square of the depth, so the surplus is dropped."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

DEEPEST = 512  # open elements of the kinds below; Chromium keeps as many
LEAST_TAGS = 20_000  # a page with fewer parses within a second whatever its nesting
# the elements before which a parser looks through all that are open
_TAG = re.compile(
    r"<(/?)(address|article|aside|blockquote|center|details|dialog|dir|div|dl|fieldset|figcaption|figure|footer|header"
    r"|hgroup|listing|main|menu|nav|ol|pre|search|section|summary|ul)\b[^<>]*>",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Depth:
    """What is open, by element name, and what was dropped."""

    kept: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    open: int = 0

    def tag(self, match: re.Match[str]) -> str:
        """The tag, or nothing where it lies too deep."""
        name = match.group(2).lower()
        if match.group(1):
            return self._end(match.group(), name)
        if self.open >= DEEPEST:
            self.dropped[name] += 1
            return ""
        self.kept[name] += 1
        self.open += 1
        return match.group()

    def _end(self, tag: str, name: str) -> str:
        """An end tag, or nothing where its start tag was dropped."""
        if self.dropped[name]:
            self.dropped[name] -= 1
            return ""
        if self.kept[name]:
            self.kept[name] -= 1
            self.open -= 1
        return tag


def may_be_deep(payload: bytes) -> bool:
    """Whether a page has so many tags that `flattened` is to look at it."""
    if len(payload) < 4 * LEAST_TAGS:
        return False
    return bool(np.count_nonzero(np.frombuffer(payload, dtype=np.uint8) == ord("<")) >= LEAST_TAGS)


def flattened(markup: str) -> str:
    """The mark-up without what nests deeper than DEEPEST; the very same string where it has few tags."""
    if len(markup) < 4 * LEAST_TAGS or markup.count("<") < LEAST_TAGS:
        return markup
    return _TAG.sub(_Depth().tag, markup)
