"""One pass over a text for all rules at once: Hyperscan where there is a wheel, else Aho-Corasick and `re`.

A scanner says which rules may stand in a text and at which block; exact places are the finder's work. Both kinds give
the same answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import ahocorasick_rs
import numpy as np

from nohaven.detection.finder import Finder
from nohaven.records.rule import Rule


class Scanner(Protocol):
    """Tells which rules fire. Rules are named by their number in the rulebook."""

    def fired(self, text: str) -> set[int]:
        """Rules that may match somewhere in the text: none that does is missing."""

    def fired_by_line(self, text: str) -> set[tuple[int, int]]:
        """Pairs (line number, rule): as `fired`, for each line of the text."""


def make_scanner(rules: Sequence[Rule], cache: Path | None = None) -> Scanner:
    """The fastest scanner that this machine has. Compiling takes seconds; `cache` is a folder that keeps the result."""
    try:
        import hyperscan  # no wheel outside x86-64
    except ImportError:
        return PortableScanner(rules)
    return HyperscanScanner(_database(rules, hyperscan, cache))


class HyperscanScanner:
    """All rules in one Hyperscan database that reports every end of a match."""

    def __init__(self, scan: Callable[[bytes, Callable[..., object]], object]) -> None:
        self._scan = scan

    def fired(self, text: str) -> set[int]:
        """See Scanner."""
        found: set[int] = set()
        self._scan(text.encode("utf-8", "replace"), lambda rule, *_: found.add(rule))
        return found

    def fired_by_line(self, text: str) -> set[tuple[int, int]]:
        """See Scanner."""
        data = text.encode("utf-8", "replace")
        ends: set[tuple[int, int]] = set()
        self._scan(data, lambda rule, _start, end, *_: ends.add((end, rule)))
        breaks = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == 10).tolist()
        return {(bisect_right(breaks, end - 1), rule) for end, rule in ends}


def _database(rules: Sequence[Rule], hs: Any, cache: Path | None) -> Callable[[bytes, Callable[..., object]], object]:
    """A compiled database's scan function: (data, callback)."""
    expressions = [_bounded_expression(r).encode() for r in rules]
    database = _cached(expressions, hs, cache) if cache else _compiled(expressions, hs)

    def scan(data: bytes, report: Callable[..., object]) -> object:
        return database.scan(data, match_event_handler=report)

    return scan


def _compiled(expressions: list[bytes], hs: Any) -> Any:
    """A database compiled from expressions."""
    database = hs.Database()
    flags = hs.HS_FLAG_UTF8 | hs.HS_FLAG_ALLOWEMPTY
    count = len(expressions)
    database.compile(expressions=expressions, ids=list(range(count)), elements=count, flags=[flags] * count)
    return database


def _cached(expressions: list[bytes], hs: Any, cache: Path) -> Any:
    """The database out of the cache, or compiled and put there. A cache that cannot be written only costs time."""
    name = hashlib.sha256(b"\n".join([hs.__version__.encode(), *expressions])).hexdigest()
    file = cache / f"rules-{name[:32]}.hsdb"
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
    return database


def _bounded_expression(rule: Rule) -> str:
    """The rule's expression with its word boundaries, as Hyperscan takes it.

    Hyperscan has no text borders inside an expression: an alternative that may be one is let through here, and told
    apart by the finder.
    """
    first, last = rule.bounded
    loose = rule.expression.replace("|$)", "|)").replace("(?:^|", "(?:|")
    return (r"\b" if first else "") + loose + (r"\b" if last else "")


class PortableScanner:
    """The same with an Aho-Corasick automaton over literals, and `re` for patterns. Slower, runs anywhere."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        literals = [(i, r.term) for i, r in enumerate(rules) if r.term is not None]
        words = [(i, form) for i, term in literals for form in _forms(term)]
        self._numbers = [i for i, _ in words]
        self._automaton = ahocorasick_rs.AhoCorasick([form for _, form in words])
        self._finders = {i: Finder(r) for i, r in enumerate(rules)}
        self._patterns = [i for i, r in enumerate(rules) if r.term is None]

    def fired(self, text: str) -> set[int]:
        """See Scanner."""
        return {rule for _, rule in self.fired_by_line(text)}

    def fired_by_line(self, text: str) -> set[tuple[int, int]]:
        """See Scanner."""
        breaks = [i for i, c in enumerate(text) if c == "\n"]
        ends = {
            (end, self._numbers[n]) for n, _, end in self._automaton.find_matches_as_indexes(text, overlapping=True)
        }
        pairs = {(bisect_right(breaks, end - 1), rule) for end, rule in ends}
        for rule in self._patterns:
            places = self._finders[rule].places(text, 0, len(text))
            pairs |= {(bisect_right(breaks, end - 1), rule) for _, end in places}
        return {(line, rule) for line, rule in pairs if self._stands(rule, line, text, breaks)}

    def _stands(self, rule: int, line: int, text: str, breaks: Sequence[int]) -> bool:
        """Whether the rule really is in that line, boundaries and all."""
        start = breaks[line - 1] + 1 if line else 0
        end = breaks[line] if line < len(breaks) else len(text)
        return any(True for _ in self._finders[rule].places(text, start, end))


def _forms(term: str) -> Iterable[str]:
    """The spellings of a term as literals: each space also as a hyphen, mixed forms of two spaces included."""
    forms = [""]
    for character in term:
        choices = (" ", "-") if character == " " else (character,)
        forms = [f + c for f in forms for c in choices]
    return forms
