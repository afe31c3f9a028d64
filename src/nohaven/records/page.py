"""What extraction hands on: a page that was read, its blocks and what its mark-up says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nohaven.records.view import Views


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a page with one role, in the page's own spelling (white space collapsed)."""

    number: int  # position on the page, from 0
    role: str  # one of records.lists.BLOCK_ROLES
    text: str
    start: int  # offset of `text` in the page's joined text (blocks with one separator between)
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Structure:
    """What the mark-up says about a page, apart from its words."""

    types: frozenset[str] = frozenset()  # schema.org types of JSON-LD and microdata, and `og:TYPE`, lower case
    description: str = ""
    keywords: str = ""
    generator: str = ""
    published: bool = False  # carries an article date or author mark-up
    has_password_field: bool = False
    has_article_element: bool = False
    scripts: tuple[str, ...] = ()  # script and frame addresses
    trackers: tuple[str, ...] = ()  # the part of `scripts` that names a tracking service
    json_ld: tuple[str, ...] = ()  # product and offer descriptions out of JSON-LD


@dataclass(frozen=True, slots=True)
class Page:
    """A capture that was read: the facts that a row of `pages` holds."""

    page_id: str
    url: str
    final_url: str | None
    site: str | None
    captured_at: datetime | None
    http_status: int | None
    ip: str | None
    mime: str
    charset: str
    language: str | None  # ISO 639-1, None where the page has too few words
    kind: str  # one of records.lists.PAGE_KINDS
    title: str
    text_chars: int
    text_sha256: str
    payload_sha256: str
    signature: bytes  # near-duplicate signature of the text, see extraction.signature
    truncated: bool
    input: str
    offset: int
    length: int
    record_id: str | None


@dataclass(frozen=True, slots=True)
class Contents:
    """The blocks of a page and what leads away from it; read only of pages that the gate lets through."""

    blocks: tuple[Block, ...]
    links: tuple[str, ...]
    structure: Structure
    views: Views  # of `joined(blocks)`; NO_VIEWS where nothing is matched


def joined(blocks: tuple[Block, ...]) -> str:
    """All blocks in one string, with BLOCK_END between them: what views are made of and offsets count in."""
    return BLOCK_END.join(b.text for b in blocks)


BLOCK_END = "\x1e"  # stands in no block: extraction turns it into a space
