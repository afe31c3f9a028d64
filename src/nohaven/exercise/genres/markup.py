"""Small pieces of HTML that genres share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def paragraphs(texts: Iterable[str]) -> str:
    """One `p` a text."""
    return "".join(f"<p>{text}</p>\n" for text in texts)


def items(texts: Iterable[str]) -> str:
    """A list."""
    return "<ul>" + "".join(f"<li>{text}</li>" for text in texts) + "</ul>\n"


def table(rows: Iterable[Sequence[str]], action: str) -> str:
    """A price table with a button a row."""
    lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return (
        "<table class='goods'>"
        + "".join(f"<tr>{line}<td><a href='/cart'>{action}</a></td></tr>" for line in lines)
        + "</table>\n"
    )


def post(author: str, place: int, text: str) -> str:
    """A forum post or comment."""
    return (
        f"<div class='post' id='p{place}'><div class='author'><a href='/~{author}'>{author}</a> "
        f"<time>2026-0{1 + place % 2}-{1 + place % 28:02d} {8 + place % 12:02d}:{place * 7 % 60:02d}</time></div>"
        f"<div class='message'>{text}</div></div>\n"
    )
