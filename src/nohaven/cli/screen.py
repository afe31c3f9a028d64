"""Text of pages on a reader's terminal: it may hold control codes, bidi overrides and mark-up; none may take effect."""

from __future__ import annotations

import json
import re
import sys
import unicodedata

from rich.text import Text

# What a terminal may act on; JSON writes the other control codes as escapes by itself.
_ACTIVE = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_SHOWN = {"\n": " ", "\t": " "}


def harmless(text: str) -> str:
    """The text with control and format characters made visible as U+FFFD, on one line."""
    return "".join(
        _SHOWN.get(c) or ("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c) for c in text
    )


def print_json(value: object) -> None:
    """One line of JSON in UTF-8, whatever the locale; what a terminal may act on, and lone surrogates, as escapes."""
    text = json.dumps(value, ensure_ascii=False)
    if not text.isascii() or "\x7f" in text:
        text = _ACTIVE.sub(lambda match: json.dumps(match.group()).strip('"'), text)
    sys.stdout.buffer.write(text.encode() + b"\n")


def quoted(block: str, quotes: list[str], width: int = 400) -> Text:
    """A block with quotes highlighted, cut around the first of them."""
    places = [(at, at + len(q)) for q in quotes if q and (at := block.find(q)) >= 0]
    start = max(0, min((s for s, _ in places), default=0) - width // 4)
    shown = Text(harmless(block[start : start + width]))
    for first, last in places:
        shown.stylize("bold black on yellow", max(0, first - start), max(0, last - start))
    before = Text("… ") if start else Text("")
    after = Text(" …") if start + width < len(block) else Text("")
    return before + shown + after
