"""Reads published sets of labelled texts, each by its own scheme (`resources/label_schemes.yaml`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nohaven.errors import UserMistake
from nohaven.records.labelled import LabelledRow
from nohaven.store.packaged import read_resource


@dataclass(frozen=True, slots=True)
class Scheme:
    """How one file of a set is read."""

    file: str  # below the folder
    source: str
    label: str | None  # field of the label or labels; None: all rows are mentions
    language: str | None  # field of the language
    one_language: str  # of all rows, where there is no such field
    offers: Mapping[str, frozenset[str]]  # label -> categories that are right
    mentions: frozenset[str]  # labels
    kind: str  # of the mentions


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """A row whose label says neither offer nor mention, or that cannot be read."""

    source: str


def read_public_sets(folder: Path) -> Iterator[LabelledRow | Unlabelled]:
    """The rows of every known set that a folder holds. Raises UserMistake where it holds none."""
    schemes, codes = _schemes()
    there = [scheme for scheme in schemes if (folder / scheme.file).is_file()]
    if not there:
        raise UserMistake(f"{folder} holds no set that is known here; resources/label_schemes.yaml names their files.")
    for scheme in there:
        with (folder / scheme.file).open(encoding="utf-8", errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _row(line, number, scheme, codes)


def _row(line: str, number: int, scheme: Scheme, codes: Mapping[str, str]) -> LabelledRow | Unlabelled:
    """One row by its scheme."""
    try:
        row = json.loads(line)
        text = row["text"]
        named = row[scheme.label] if scheme.label else []
        language = str(row.get(scheme.language) or "") if scheme.language else scheme.one_language
    except (ValueError, KeyError, TypeError):
        return Unlabelled(scheme.source)
    labels = [named] if isinstance(named, str) else list(named)
    if not isinstance(text, str) or not all(label in scheme.offers or label in scheme.mentions for label in labels):
        return Unlabelled(scheme.source)
    categories = frozenset().union(*(scheme.offers.get(label, frozenset()) for label in labels))
    code = codes.get(language, language if len(language) == 2 else "")
    identity = f"{scheme.file}:{number}"
    return LabelledRow(
        identity, text, scheme.source, code, bool(categories), categories, "" if categories else scheme.kind
    )


def _schemes() -> tuple[list[Scheme], Mapping[str, str]]:
    """All schemes, and the codes of languages that sets spell out."""
    table = read_resource("label_schemes")
    entries = cast(list[dict[str, object]], table["sets"])
    return [_scheme(entry) for entry in entries], cast(dict[str, str], table["languages"])


def _scheme(entry: Mapping[str, object]) -> Scheme:
    offers = cast(dict[str, list[str]], entry.get("offers", {}))
    return Scheme(
        file=str(entry["file"]),
        source=str(entry["source"]),
        label=cast("str | None", entry.get("label")),
        language=cast("str | None", entry.get("language")),
        one_language=str(entry.get("languages", "")),
        offers={label: frozenset(categories) for label, categories in offers.items()},
        mentions=frozenset(cast(list[str], entry.get("mentions", []))),
        kind=str(entry.get("kind", "")),
    )
