"""One pass over a text for all rules at once: Hyperscan where there is a wheel, else an Aho-Corasick automaton.

A scanner says which rules may stand in a text and about where; whether they do is the finder's work, so that both kinds
lead to the same matches. Hyperscan looks for the rules, the automaton for the terms and for the anchors of the
patterns: literals of which one must stand wherever the pattern does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import ahocorasick_rs
import numpy as np

from nohaven.detection.anchors import anchors_of
from nohaven.errors import OutsideFailure
from nohaven.records.rule import Rule
from nohaven.store.cache import COMPILED_RULES

_KEPT_DATABASES = 9  # in the cache, three a version of the program: some may still be in use


class Fired:
    """The rules that may match somewhere in a text."""

    __slots__ = ("_ends", "_text", "rules")

    def __init__(self, ends: Mapping[int, Sequence[int]], text: bytes | None) -> None:
        self.rules = ends.keys()
        self._ends = ends
        self._text = text

    def places(self) -> Mapping[int, Sequence[int]]:
        """Each rule with the places (characters) where a literal of it ends: every match lies within its greatest
        width of one of them."""
        if self._text is None:
            return self._ends
        counted = np.cumsum((np.frombuffer(self._text, dtype=np.uint8) & 0xC0) != 0x80)
        return {rule: [int(counted[end - 1]) for end in ends] for rule, ends in self._ends.items()}


class Scanner(Protocol):
    """Tells which rules may stand. Rules are named by their number in the rulebook."""

    def fired(self, text: str) -> Fired:
        """Rules that may match somewhere in the text, none that does missing."""

    def fired_by_line(self, text: str) -> set[tuple[int, int]]:
        """Pairs (line number, rule): as `fired`, for each line of the text."""


def make_scanner(rules: Mapping[int, Rule], cache: Path | None = None) -> Scanner:
    """The fastest scanner that this machine has, of rules by their numbers.

    Compiling takes seconds; `cache` is a folder that keeps the result.
    """
    try:
        import hyperscan  # no wheel outside x86-64
    except ImportError:
        return PortableScanner(rules)
    return HyperscanScanner(rules, hyperscan, cache)


def keep_compiled(rules: Mapping[int, Rule], cache: Path) -> None:
    """Compile what the cache lacks, so that processes that start afterwards only load it."""
    try:
        import hyperscan
    except ImportError:
        return
    expressions = [_loose(r).encode() for r in rules.values()]
    if not _file(expressions, hyperscan, cache).is_file():
        _cached(expressions, hyperscan, cache)


def _literals(anchors: Mapping[int, frozenset[str]], rules: Mapping[int, Rule]) -> dict[str, list[int]]:
    """The anchors of the patterns, each with the rules whose it is."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for number, spellings in anchors.items():
        if not spellings:
            name = rules[number].id
            raise OutsideFailure(f"The rule {name} has no literal that must stand; give it one, as docs/rules.md says.")
        for spelling in spellings:
            wanted[spelling].append(number)
    return wanted


class HyperscanScanner:
    """All rules in one Hyperscan database that reports every end of a match."""

    def __init__(self, rules: Mapping[int, Rule], hyperscan: Any, cache: Path | None) -> None:
        expressions = [_loose(r).encode() for r in rules.values()]
        self._rules = [(number,) for number in rules]
        self._database = _cached(expressions, hyperscan, cache) if cache else _compiled(expressions, hyperscan)

    def fired(self, text: str) -> Fired:
        """See Scanner."""
        data = text.encode("utf-8", "replace")
        ends: list[tuple[int, int]] = []
        self._database.scan(data, match_event_handler=lambda entry, _start, end, *_: ends.append((end, entry)))
        return Fired(_by_rule(ends, self._rules), data if len(data) > len(text) else None)

    def fired_by_line(self, text: str) -> set[tuple[int, int]]:
        """See Scanner."""
        data = text.encode("utf-8", "replace")
        ends: set[tuple[int, int]] = set()
        self._database.scan(data, match_event_handler=lambda entry, _start, end, *_: ends.add((end, entry)))
        breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10).tolist()
        lines = {(bisect_right(breaks, end - 1), entry) for end, entry in ends}
        return {(line, rule) for line, entry in lines for rule in self._rules[entry]}


def _compiled(expressions: list[bytes], hs: Any) -> Any:
    """A database compiled from expressions."""
    database = hs.Database()
    flags = hs.HS_FLAG_UTF8 | hs.HS_FLAG_ALLOWEMPTY
    count = len(expressions)
    database.compile(expressions=expressions, ids=list(range(count)), elements=count, flags=[flags] * count)
    return database


def _file(expressions: list[bytes], hs: Any, cache: Path) -> Path:
    """Where the cache keeps the database of these expressions."""
    name = hashlib.sha256(b"\n".join([hs.__version__.encode(), *expressions])).hexdigest()
    return cache / f"rules-{name[:32]}.hsdb"


def _cached(expressions: list[bytes], hs: Any, cache: Path) -> Any:
    """The database out of the cache, or compiled and put there. A cache that cannot be written only costs time."""
    file = _file(expressions, hs, cache)
    try:
        database = hs.loadb(file.read_bytes(), hs.HS_MODE_BLOCK)
        database.scratch = hs.Scratch(database)
        return database
    except (OSError, hs.error):  # none yet, cut short, or made for another processor
        database = _compiled(expressions, hs)
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(f".{os.getpid()}")
        half.write_bytes(hs.dumpb(database))
        half.replace(file)
        _prune(cache)
    return database


def _prune(cache: Path) -> None:
    """Keep the newest databases: each change of the rules leaves one behind, of up to 25 MB."""
    files = sorted(cache.glob(COMPILED_RULES), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[_KEPT_DATABASES:]:
        file.unlink(missing_ok=True)


def _loose(rule: Rule) -> str:
    """A rule's expression with its word boundaries, as Hyperscan takes it.

    Hyperscan has no text borders inside an expression: an alternative that may be one is let through here, and told
    apart by the finder.
    """
    first, last = rule.bounded
    loose = _BORDER.sub("", rule.expression)
    return (r"\b" if first else "") + loose + (r"\b" if last else "")


def _by_rule(ends: Iterable[tuple[int, int]], rules: Sequence[Sequence[int]]) -> dict[int, list[int]]:
    """The ends of each rule, out of those of each entry."""
    found: dict[int, list[int]] = defaultdict(list)
    for end, entry in ends:
        for rule in rules[entry]:
            found[rule].append(end)
    return found


class PortableScanner:
    """The same with an Aho-Corasick automaton. Slower, runs anywhere."""

    def __init__(self, rules: Mapping[int, Rule]) -> None:
        anchors = {i: anchors_of(r.pattern) for i, r in rules.items() if r.pattern is not None}
        wanted = _literals(anchors, rules)
        for number, rule in rules.items():
            for form in _forms(rule.term) if rule.term is not None else ():
                wanted.setdefault(form, []).append(number)
        self._rules = list(wanted.values())
        self._automaton = ahocorasick_rs.AhoCorasick(list(wanted))

    def fired(self, text: str) -> Fired:
        """See Scanner."""
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return Fired(_by_rule(((end, entry) for entry, _, end in found), self._rules), None)

    def fired_by_line(self, text: str) -> set[tuple[int, int]]:
        """See Scanner."""
        breaks = [match.start() for match in _LINE_END.finditer(text)]
        found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        lines = {(bisect_right(breaks, end - 1), entry) for entry, _, end in found}
        return {(line, rule) for line, entry in lines for rule in self._rules[entry]}


_BORDER = re.compile(r"(?<=[|:(])[$^](?=[|)])")  # a text border as a whole alternative
_LINE_END = re.compile("\n")


def _forms(term: str) -> Iterable[str]:
    """The spellings of a term as literals: each space also as a hyphen, mixed forms of two spaces included."""
    forms = [""]
    for character in term:
        choices = (" ", "-") if character == " " else (character,)
        forms = [f + c for f in forms for c in choices]
    return forms
