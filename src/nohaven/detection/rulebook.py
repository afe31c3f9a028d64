"""All rules together, read from the YAML files under `rules/`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nohaven.errors import OutsideFailure
from nohaven.records.rule import Rule
from nohaven.store.packaged import packaged_folder, read_yaml

FOLDERS = ("category", "offer", "mention", "structure")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in a fixed order, and the hash that names this very set."""

    rules: tuple[Rule, ...]
    sha256: str


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The packaged rules, or those of another folder of the same shape; OutsideFailure names a file that is broken."""
    root = folder or packaged_folder("rules")
    files = [f for name in FOLDERS for f in sorted((root / name).glob("*.yaml"))]
    digest = hashlib.sha256()
    rules: list[Rule] = []
    for file in files:
        digest.update(f"{file.parent.name}/{file.name}\n".encode())
        digest.update(file.read_bytes())
        rules += rules_of(file)
    return Rulebook(tuple(rules), digest.hexdigest())


def rules_of(file: Path) -> Iterator[Rule]:
    """The rules of one file."""
    table = read_yaml(file)
    for entry in cast(list[Mapping[str, object]], table.get("rules") or ()):
        try:
            yield _rule(entry, table)
        except (KeyError, TypeError, ValueError) as error:
            raise OutsideFailure(
                f"{file.name}: the rule {entry.get('id')!r} is not as docs/rules.md says: {error!r}."
            ) from error


def _rule(entry: Mapping[str, object], table: Mapping[str, object]) -> Rule:
    """One rule; category and group come from its file."""
    return Rule(
        id=str(entry["id"]),
        kind=str(entry["kind"]),
        language=str(entry["language"]),
        weight=float(cast(float, entry["weight"])),
        source=_strings(entry["source"]),
        hit=str(entry["hit"]),
        miss=str(entry["miss"]),
        category=_string(table.get("category")),
        group=_string(table.get("group")),
        term=_string(entry.get("term")),
        pattern=_string(entry.get("pattern")),
        ambiguous=bool(entry.get("ambiguous", False)),
        jurisdiction=bool(entry.get("jurisdiction", False)),
        tags=_strings(entry.get("tags", ())),
        unless=_strings(entry.get("unless", ())),
    )


def _string(value: object) -> str | None:
    return None if value is None else str(value)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(v) for v in cast(list[object], value))
