"""Reads labelled rows: JSONL with `text`, `side` (offer or mention) and what else is known of the text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from nohaven.errors import UserMistake
from nohaven.records.labelled import LabelledRow

_SIDES = {"offer": True, "mention": False}


def read_labelled(path: Path, categories: Collection[str]) -> Iterator[LabelledRow]:
    """Rows of a file. Raises UserMistake, with the line, where a row cannot be used.

    `categories`: those of the taxonomy; an offer names one of them in `category`, or several in `categories`.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _row(line, f"{path}, line {number}", path.stem, categories)
    except UnicodeDecodeError as error:
        raise UserMistake(f"{path}: is no UTF-8 text; give JSONL rows.") from error
    except OSError as error:
        raise UserMistake(f"{path}: {error.strerror}; name a file of labelled rows.") from error


def _row(line: str, place: str, stem: str, categories: Collection[str]) -> LabelledRow:
    """One row, or the mistake in it."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UserMistake(f"{place}: is no JSON; give an object a line.") from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or row.get("side") not in _SIDES:
        raise UserMistake(f"{place}: a labelled row has a text, and offer or mention as its side.")
    is_offer = _SIDES[row["side"]]
    return LabelledRow(
        id=str(row.get("id") or place),
        text=row["text"],
        source=str(row.get("source") or stem),
        language=str(row.get("language") or ""),
        is_offer=is_offer,
        categories=_categories(row, place, categories) if is_offer else frozenset(),
        kind=str(row.get("kind") or ""),
    )


def _categories(row: Mapping[str, object], place: str, known: Collection[str]) -> frozenset[str]:
    """The right categories of an offer; none where nobody named one."""
    named = row.get("categories") or row.get("category") or []
    found = frozenset([named] if isinstance(named, str) else map(str, named if isinstance(named, list) else []))
    if strange := sorted(found - set(known)):
        raise UserMistake(f"{place}: {strange[0]} is no category of the taxonomy; see resources/taxonomy.yaml.")
    return found


def once_each(rows: Iterable[LabelledRow]) -> Iterator[LabelledRow]:
    """The rows whose letters no earlier row has: sets hold one text with other numbers and tags again and again."""
    seen: set[bytes] = set()
    for row in rows:
        letters = "".join(c for c in row.text.lower() if c.isalpha()) or row.text
        key = hashlib.blake2b(letters.encode("utf-8", "replace"), digest_size=16).digest()
        if key not in seen:
            seen.add(key)
            yield row
