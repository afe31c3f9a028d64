"""Cuts a page into blocks, each a stretch with one role, in one walk over the tree without recursion."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from nohaven.extraction.markup import MarkUp
from nohaven.records.page import BLOCK_END, Block, Structure

LONGEST = 2000  # characters of a block; longer stretches are cut at white space
MOST = 20_000  # blocks of a page; the rest is not read
_STRENGTH = {
    "body": 0,
    "heading": 1,
    "list_item": 2,
    "table": 3,
    "form": 4,
    "post": 5,
    "footer": 6,
    "nav": 6,
    "comment": 7,
    "quote": 8,
}
_CELLS = frozenset({"td", "th"})
_LEAVES = frozenset({"a", "img", "input"})
_BUTTONS = frozenset({"submit", "button"})
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_WORD = re.compile(r"[a-z][a-z_-]*[a-z]")


@dataclass(slots=True)
class _Open:
    """An element the walk is inside of."""

    node: LexborNode
    role: str
    block: bool
    skip: bool


@dataclass(slots=True)
class _Walk:
    """The state of a walk."""

    marks: MarkUp
    stack: list[_Open]
    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    out: list[tuple[str, str]] = field(default_factory=list)  # role, text
    named: dict[tuple[str, str | None, str | None], str] = field(default_factory=dict)  # tag, class, id: their role

    def flush(self) -> None:
        """End the block that was being gathered, if it has any words."""
        if self.pieces:
            text = " ".join("".join(self.pieces).replace(BLOCK_END, " ").split())
            self.pieces.clear()
            if text:
                self.out.append((self.stack[-1].role, text))

    def enter(self, node: LexborNode, tag: str) -> None:
        """Go into an element."""
        above = self.stack[-1]
        block = tag in self.marks.block_elements
        if block:
            self.flush()
        attributes = node.attributes
        role = self._role(tag, attributes, above.role)
        if role != above.role and not block:
            self.flush()
            block = True
        skip = above.skip or tag in self.marks.skipped_elements
        self.stack.append(_Open(node, role, block, skip))
        if tag in _CELLS or tag == "br":
            self.pieces.append(" ")
        elif tag in _LEAVES and not skip:
            self._leaf(tag, attributes)

    def leave(self) -> LexborNode:
        """Leave the innermost element; returns it."""
        left = self.stack[-1]
        if left.block:
            self.flush()
        self.stack.pop()
        return left.node

    def _role(self, tag: str, attributes: Mapping[str, str | None], above: str) -> str:
        """The role inside an element: its own, where that is stronger than the one around it."""
        key = (tag, attributes.get("class"), attributes.get("id"))
        named = self.named.get(key) or self.named.setdefault(key, self._own_role(*key))
        return named if _STRENGTH[named] > _STRENGTH[above] else above

    def _own_role(self, tag: str, classes: str | None, name: str | None) -> str:
        """The strongest role that an element's name, classes and id speak of."""
        words = _WORD.findall(f"{classes or ''} {name or ''}".lower())
        roles = (self.marks.role_of_class.get(word, "body") for word in words)
        return max((self.marks.role_of_element.get(tag, "body"), *roles), key=_STRENGTH.__getitem__)

    def _leaf(self, tag: str, attributes: Mapping[str, str | None]) -> None:
        """Links, pictures' texts and buttons."""
        if tag == "a" and (href := attributes.get("href")):
            self.links.append(href[:1000])
        elif tag == "img" and (alt := (attributes.get("alt") or "").strip()):
            self.out.append(("alt", " ".join(alt[:LONGEST].replace(BLOCK_END, " ").split())))
        elif (
            tag == "input"
            and (attributes.get("type") or "").lower() in _BUTTONS
            and (value := (attributes.get("value") or "").strip())
        ):
            self.flush()
            self.out.append(("form", " ".join(value[:200].replace(BLOCK_END, " ").split())))


def read_blocks(tree: LexborHTMLParser, marks: MarkUp) -> tuple[list[tuple[str, str]], list[str]]:
    """Blocks of a tree as (role, text), and its links. Scripts and styles must be stripped before."""
    root = tree.body or tree.root
    if root is None:
        return [], []
    walk = _Walk(marks, [_Open(root, "body", True, False)])
    node = root.child
    while len(walk.out) < MOST:
        if node is None:
            if len(walk.stack) == 1:
                break
            node = walk.leave().next
        elif node.is_text_node:
            if not walk.stack[-1].skip:
                walk.pieces.append(node.text_content or "")
            node = node.next
        elif node.is_element_node:
            walk.enter(node, node.tag or "")
            node = node.child
        else:
            node = node.next
    while len(walk.stack) > 1:
        walk.leave()
    walk.flush()
    return walk.out, walk.links


def number_blocks(title: str, structure: Structure, found: Iterable[tuple[str, str]], query: str) -> tuple[Block, ...]:
    """Blocks in page order: title, what the head says, the body's; long ones cut; reflected query text marked."""
    head = [("title", title), ("meta", structure.description), ("meta", structure.keywords)]
    head += [("script", text) for text in structure.json_ld]
    blocks: list[Block] = []
    start = 0
    for role, text in [*head, *found]:
        clean = " ".join(text.replace(BLOCK_END, " ").split()) if role in ("title", "meta", "script") else text
        for piece in _pieces(clean):
            shown = "query" if query and query in piece else role
            blocks.append(Block(len(blocks), shown, piece, start))
            start += len(piece) + len(BLOCK_END)
    return tuple(blocks)


def text_blocks(text: str) -> list[tuple[str, str]]:
    """Blocks of plain text: its paragraphs."""
    parts = (" ".join(p.replace(BLOCK_END, " ").replace("\x00", " ").split()) for p in _PARAGRAPH.split(text))
    return [("body", p) for p in parts if p][:MOST]


def _pieces(text: str) -> Iterator[str]:
    """A text in pieces of at most LONGEST characters, cut at white space where there is any."""
    if len(text) <= LONGEST:
        if piece := text.strip():
            yield piece
        return
    at = 0
    while at < len(text):
        end = at + LONGEST
        if end < len(text):
            space = text.rfind(" ", at + LONGEST // 2, end)
            end = space if space > 0 else end
        piece = text[at:end].strip()
        if piece:
            yield piece
        at = end
