"""What the mark-up says of a page apart from its words: types, dates, forms."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nohaven.records.page import Structure

# One pass over the tree collects all that is looked at; a selector each would cost a pass each.
_LOOKED_AT = (
    "title,meta[content],script[type*=json],input[type=password],[itemtype],article,time[datetime],a[rel=author]"
)
_JSON_LD_BYTES = 100_000  # longer data are not read
# The names of `meta` elements that something is made of.
_NAMES = frozenset(
    {"og:type", "og:title", "og:description", "description", "keywords", "generator"}
    | {"article:published_time", "citation_title"}
)
_TEXT_FIELDS = ("name", "description", "headline")


@dataclass(slots=True)
class _Seen:
    """What the pass has found so far."""

    title: str | None = None
    types: set[str] = field(default_factory=set)
    meta: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    published: bool = False
    password: bool = False
    article: bool = False


def read_structure(tree: LexborHTMLParser) -> tuple[str, Structure]:
    """Title and structure of a page, without its frames. Must run before scripts are stripped from the tree."""
    seen = _Seen()
    for node in tree.css(_LOOKED_AT):
        _look(node, node.tag or "", seen)
    og_type = seen.meta.get("og:type", "").strip().lower()
    if og_type:
        seen.types.add(f"og:{og_type}")
    title = " ".join((seen.title or seen.meta.get("og:title", "")).split())
    description = seen.meta.get("description") or seen.meta.get("og:description", "")
    published = seen.published or "article:published_time" in seen.meta or "citation_title" in seen.meta
    return title, Structure(
        types=frozenset(seen.types),
        description=description,
        keywords=seen.meta.get("keywords", ""),
        generator=seen.meta.get("generator", "").lower(),
        published=published,
        has_password_field=seen.password,
        has_article_element=seen.article,
        json_ld=tuple(seen.texts[:20]),
    )


def _look(node: LexborNode, tag: str, seen: _Seen) -> None:
    """Note what one element says."""
    if tag == "meta":
        attributes = node.attributes
        name = (attributes.get("property") or attributes.get("name") or "").lower()
        if name in _NAMES and name not in seen.meta:
            seen.meta[name] = " ".join((attributes.get("content") or "").split())[:2000]
    elif tag == "script":
        _look_at_script(node, seen)
    elif tag == "title":
        seen.title = seen.title or node.text()
    elif tag == "article":
        seen.article = True
    elif tag in ("time", "a"):
        seen.published = True
    elif tag == "input":
        seen.password = True
    if itemtype := node.attrs.get("itemtype") if tag not in ("meta", "script") else None:
        seen.types |= {_type_name(name) for name in itemtype.split()}


def _look_at_script(node: LexborNode, seen: _Seen) -> None:
    """JSON-LD of one script; data that lie elsewhere are not read."""
    attributes = node.attributes
    kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
    if kind == "application/ld+json" and not attributes.get("src"):
        _read_json_ld(node.text() or "", seen)


def _read_json_ld(text: str, seen: _Seen) -> None:
    """Types and product texts of JSON-LD; data that are no JSON say nothing."""
    if len(text) > _JSON_LD_BYTES:
        return
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    for thing in _things(data):
        kinds = thing.get("@type", "")
        named = kinds if isinstance(kinds, list) else [kinds]
        types = {_type_name(k) for k in named if isinstance(k, str) and k}
        seen.types |= types
        seen.published = seen.published or "datePublished" in thing
        if types & {"product", "offer", "productgroup"}:
            seen.texts += [_utf8(said)[:2000] for f in _TEXT_FIELDS if isinstance(said := thing.get(f), str)]


def _type_name(name: str) -> str:
    """`product` for `https://schema.org/Product` and `schema:Product`."""
    return _utf8(name).replace(":", "/").rstrip("/").rsplit("/", 1)[-1].lower()


def _utf8(text: str) -> str:
    """The text with every lone surrogate, which JSON can write and UTF-8 cannot hold, as a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _things(data: object) -> Iterator[dict[str, object]]:
    """Every object inside JSON data, without recursion, 500 at most."""
    waiting: list[object] = [data]
    for _ in range(500):
        if not waiting:
            return
        thing = waiting.pop()
        if isinstance(thing, dict):
            yield thing
            waiting += thing.values()
        elif isinstance(thing, list):
            waiting += thing
