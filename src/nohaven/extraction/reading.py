"""Reads a capture in two steps: a skim of every page, and the contents of those that the gate lets through.

Both use the one parse. The skim costs little more than parsing; blocks, links and roles cost as much again.
"""

from __future__ import annotations

import hashlib
import re
from codecs import BOM_UTF8 as BOM
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from selectolax.lexbor import LexborHTMLParser

from nohaven.extraction.blocks import number_blocks, read_blocks, text_blocks
from nohaven.extraction.decoding import decode, is_utf8
from nohaven.extraction.folding import Folding
from nohaven.extraction.frames import read_frames
from nohaven.extraction.kind import Clues, page_kind, reflected_query
from nohaven.extraction.language import Languages
from nohaven.extraction.lexicon import Lexicon
from nohaven.extraction.markup import MarkUp
from nohaven.extraction.nesting import flattened, may_be_deep
from nohaven.extraction.signature import signature
from nohaven.extraction.structure import read_structure
from nohaven.extraction.views import read_views
from nohaven.extraction.words import Words, read_words
from nohaven.records.capture import Capture
from nohaven.records.page import BLOCK_END, Contents, Page, Structure, joined
from nohaven.records.view import NO_VIEWS
from nohaven.values.site import site_of

_PLAIN = frozenset({"text/plain"})
_TITLE_CHARS = 500
_HEAD_CHARS = 3000  # of title, description and keywords in which disguises are looked for
_TITLE_END = re.compile(r"\s[-|–_]\s")


@dataclass(frozen=True, slots=True)
class Tools:
    """What reading needs, made once."""

    folding: Folding
    marks: MarkUp
    languages: Languages
    lexicon: Lexicon  # the words that hidden spellings are read by


@dataclass(frozen=True, slots=True)
class Skim:
    """A page after the first step. `folded`: its text as folded code points, with 0 between text nodes."""

    page: Page
    folded: npt.NDArray[np.uint32]
    head: str  # title, description and keywords
    structure: Structure  # without frames
    tree: LexborHTMLParser | None
    markup: bytes | str  # what the tree was made of
    plain: str | None  # the text of a page that is no mark-up


def skim(capture: Capture, tools: Tools) -> Skim:
    """The page's facts and folded text."""
    if capture.mime in _PLAIN:
        return _skim_text(capture, *decode(capture.payload, capture.charset, capture.truncated), tools)
    markup, charset = _markup(capture)
    tree = LexborHTMLParser(markup)
    title, structure = read_structure(tree)
    tree.strip_tags(["script", "style"])
    text = tree.body.text(separator="\x00", skip_empty=True) if tree.body is not None else ""
    words = read_words(text, tools.folding)
    page = _page(capture, charset, title, words, tools, structure)
    head = f"{title}\n{structure.description}\n{structure.keywords}"
    return Skim(page, words.folded, head, structure, tree, markup, None)


def _markup(capture: Capture) -> tuple[bytes | str, str]:
    """What is to be parsed, and its charset. Valid UTF-8 stays as it came: the parser would only encode it again."""
    payload, deep = capture.payload, may_be_deep(capture.payload)
    if not (deep or capture.truncated or payload[:3] == BOM) and is_utf8(payload):
        return payload, "utf-8"
    text, charset = decode(payload, capture.charset, capture.truncated)
    return (flattened(text) if deep else text), charset


def _skim_text(capture: Capture, text: str, charset: str, tools: Tools) -> Skim:
    """A page of plain text: no title, no structure."""
    structure = Structure()
    text = text.replace("\x00", " ")
    words = read_words(text, tools.folding)
    page = _page(capture, charset, "", words, tools, structure)
    return Skim(page, words.folded, "", structure, None, "", text)


def undone(skimmed: Skim, tools: Tools) -> str:
    """What the text of a skimmed page says with its disguises undone, in each of the ways that views do; nothing where
    they find none."""
    text = skimmed.folded.tobytes().decode("utf-32-le", "replace").replace("\x00", " ")
    text = f"{skimmed.head[:_HEAD_CHARS].lower()}\n{text}"
    views = read_views(text.replace("\n", BLOCK_END), tools.folding, tools.lexicon)
    base = [views.base.text] if views.base.text != text else []
    return "\n".join([*base, *(side.text for side in views.sides)])


def read_contents(skimmed: Skim, tools: Tools, matched: bool = True) -> Contents:
    """The blocks, links and structure of a skimmed page, and its views where they are to be `matched`."""
    links: list[str] = []
    if skimmed.tree is None:
        found = text_blocks(skimmed.plain or "")
    else:
        found, links = read_blocks(skimmed.tree, tools.marks)
    query = reflected_query(skimmed.page.url)
    if skimmed.page.kind == "search" and query not in skimmed.page.title:
        query = _TITLE_END.split(skimmed.page.title)[0].strip()  # what a search page calls itself is what was asked
    blocks = number_blocks(skimmed.page.title, skimmed.structure, found, query)
    views = read_views(joined(blocks), tools.folding, tools.lexicon) if matched else NO_VIEWS
    scripts, trackers = read_frames(skimmed.markup, tools.marks)
    structure = replace(skimmed.structure, scripts=scripts, trackers=trackers)
    return Contents(blocks, tuple(dict.fromkeys(links)), structure, views)


def _page(capture: Capture, charset: str, title: str, words: Words, tools: Tools, structure: Structure) -> Page:
    """The facts of a page."""
    plain = words.plain
    clues = Clues(capture.url, title, len(plain), structure, tools.marks)
    return Page(
        page_id=page_id(capture.url, capture.payload_sha256),
        url=capture.url,
        final_url=capture.final_url,
        site=site_of(capture.url),
        captured_at=capture.captured_at,
        http_status=capture.http_status,
        ip=capture.ip,
        mime=capture.mime,
        charset=charset,
        language=tools.languages.of(plain),
        kind=page_kind(clues),
        title=title[:_TITLE_CHARS],
        text_chars=len(plain),
        text_sha256=hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest(),
        payload_sha256=capture.payload_sha256,
        signature=signature(words.folded),
        truncated=capture.truncated,
        input=capture.input,
        offset=capture.offset,
        length=capture.length,
        record_id=capture.record_id,
    )


def page_id(url: str, payload_sha256: str) -> str:
    """Id of a page: the first 128 bits of SHA-256 over URL and payload hash, in hex."""
    return hashlib.sha256(f"{url}\n{payload_sha256}".encode("utf-8", "replace")).hexdigest()[:32]
