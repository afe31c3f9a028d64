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


# What an element means for the text inside it, by its name, classes and id: its own role (`body` where it has none),
# the role's strength, whether the element is a block, is skipped, sets words apart, is a leaf. Plain tuples: they are
# unpacked for every element, and named ones would take half of a walk's time.
_Element = tuple[str, int, bool, bool, bool, bool]
# Where a walk was when it went into an element: the element, role, strength and whether it skipped around it, and
# whether a block ends with the element.
_Inside = tuple[LexborNode, str, int, bool, bool]


@dataclass(slots=True)
class _Walk:
    """The state of a walk."""

    marks: MarkUp
    pieces: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    out: list[tuple[str, str]] = field(default_factory=list)  # role, text
    elements: dict[tuple[str, str | None, str | None], _Element] = field(default_factory=dict)

    def go(self, root: LexborNode) -> None:
        """Through all that lies in an element, MOST blocks at most. Bare loops: this is done for every node."""
        pieces, out, elements = self.pieces, self.out, self.elements
        inside: list[_Inside] = []
        role, strength, skip = "body", 0, False
        node = root.child
        while len(out) < MOST:
            if node is None:
                if not inside:
                    break
                left, outer, outer_strength, outer_skip, ends = inside.pop()
                if ends and pieces:
                    self.flush(role)
                role, strength, skip = outer, outer_strength, outer_skip
                node = left.next
            elif node.is_text_node:
                if not skip:
                    pieces.append(node.text_content or "")
                node = node.next
            elif node.is_element_node:
                tag, attributes = node.tag or "", node.attributes
                key = (tag, attributes.get("class"), attributes.get("id"))
                element = elements.get(key) or elements.setdefault(key, self._element(*key))
                own, own_strength, block, skipped, space, leaf = element
                ends = block or own_strength > strength
                if ends and pieces:
                    self.flush(role)
                inside.append((node, role, strength, skip, ends))
                if own_strength > strength:
                    role, strength = own, own_strength
                skip = skip or skipped
                if space:
                    pieces.append(" ")
                elif leaf and not skip:
                    self._leaf(tag, attributes, role)
                node = node.child
            else:
                node = node.next
        self.flush(role)

    def flush(self, role: str) -> None:
        """End the block that was being gathered, if it has any words."""
        words = "".join(self.pieces).split()  # the separator of blocks is white space to it
        self.pieces.clear()
        if text := " ".join(words):
            self.out.append((role, text))

    def _element(self, tag: str, classes: str | None, name: str | None) -> _Element:
        """The strongest role that an element's name, classes and id speak of, and what its name means."""
        role = self.marks.role_of_element.get(tag, "body")
        if classes or name:
            of_class = self.marks.role_of_class
            roles = [
                of_class[word] for word in _WORD.findall(f"{classes or ''} {name or ''}".lower()) if word in of_class
            ]
            role = max([role, *roles], key=_STRENGTH.__getitem__)
        return (
            role,
            _STRENGTH[role],
            tag in self.marks.block_elements,
            tag in self.marks.skipped_elements,
            tag in _CELLS or tag == "br",
            tag in _LEAVES,
        )

    def _leaf(self, tag: str, attributes: Mapping[str, str | None], role: str) -> None:
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
            self.flush(role)
            self.out.append(("form", " ".join(value[:200].replace(BLOCK_END, " ").split())))


def read_blocks(tree: LexborHTMLParser, marks: MarkUp) -> tuple[list[tuple[str, str]], list[str]]:
    """Blocks of a tree as (role, text), and its links. Scripts and styles must be stripped before."""
    root = tree.body or tree.root
    if root is None:
        return [], []
    walk = _Walk(marks)
    walk.go(root)
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
