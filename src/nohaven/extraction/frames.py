"""The addresses of scripts and frames, read from their tags: the tree has lost them when they are asked for."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from nohaven.extraction.markup import MarkUp

_TAG = re.compile(rb"<(?:script|iframe)\b[^>]*\bsrc\b[^>]*>", re.IGNORECASE)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_END = b"</script></iframe>"
_KEPT = 200  # addresses of a page
_LONGEST = 500  # characters of an address


def read_frames(markup: bytes | str, marks: MarkUp) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Addresses of scripts and frames, and those of them that name a tracking service; each once, in page order."""
    data = markup.encode("utf-8", "replace") if isinstance(markup, str) else markup
    tags = b"".join(tag + _END for tag in _TAG.findall(_COMMENT.sub(b"", data)))
    nodes = LexborHTMLParser(tags).css("script[src],iframe[src]") if tags else []
    scripts = dict.fromkeys(source[:_LONGEST] for node in nodes if (source := node.attrs.get("src")))
    kept = tuple(scripts)[:_KEPT]
    return kept, tuple(source for source in kept if marks.trackers.search(source))
