"""All rules together, read from the YAML files under `rules/`."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, cast

from nohaven import __version__
from nohaven.errors import OutsideFailure
from nohaven.records.rule import Rule
from nohaven.store.packaged import packaged_folder, read_yaml

_LATIN = re.compile("[a-z]{2,}")
_HAN = re.compile("[\u4e00-\u9fff]{2,}")
FOLDERS = ("category", "offer", "mention", "structure")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules in a fixed order, and the hash that names this very set."""

    rules: tuple[Rule, ...]
    sha256: str


def load_rulebook(folder: Path | None = None, cache: Path | None = None) -> Rulebook:
    """The packaged rules, or those of another folder of the same shape; OutsideFailure names a file that is broken.

    Reading the YAML takes half a second; `cache` is a folder that keeps what was read under the rules' hash.
    """
    root = folder or packaged_folder("rules")
    name = rules_sha256(root)
    kept = cache / f"rulebook-{__version__}-{name[:32]}.json" if cache else None
    rules = _kept_rules(kept) if kept else None
    if rules is None:
        rules = tuple(rule for file in _files(root) for rule in rules_of(file))
        if kept:
            _keep(kept, rules)
    return Rulebook(rules, name)


def rules_sha256(root: Path | None = None) -> str:
    """The hash of all rule files, with their names."""
    digest = hashlib.sha256()
    for file in _files(root or packaged_folder("rules")):
        digest.update(f"{file.parent.name}/{file.name}\n".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def words_of(rules: Iterable[Rule]) -> frozenset[str]:
    """The words of terms and of the examples of all rules: Latin ones, and pairs of Han characters side by side.

    Patterns are left out: what they are made of are pieces of words.
    """
    said = " ".join(f"{rule.term or ''} {rule.hit} {rule.miss} {' '.join(rule.unless)}" for rule in rules).lower()
    pairs = {run[n : n + 2] for run in _HAN.findall(said) for n in range(len(run) - 1)}
    return frozenset(_LATIN.findall(said)) | pairs


def _files(root: Path) -> list[Path]:
    return [f for name in FOLDERS for f in sorted((root / name).glob("*.yaml"))]


def _kept_rules(file: Path) -> tuple[Rule, ...] | None:
    """The rules that were kept; None where there are none, or none that can be read."""
    try:
        rows: list[list[Any]] = json.loads(file.read_bytes())
        return tuple(_kept_rule([tuple(v) if isinstance(v, list) else v for v in row]) for row in rows)
    except (OSError, ValueError, TypeError):
        return None


def _kept_rule(values: list[Any]) -> Rule:
    return Rule(*values)


def _keep(file: Path, rules: tuple[Rule, ...]) -> None:
    """Keep the rules; a cache that cannot be written only costs time."""
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps([astuple(rule) for rule in rules], ensure_ascii=False), encoding="utf-8")
        half.replace(file)


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
