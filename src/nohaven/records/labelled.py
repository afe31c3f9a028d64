"""Labelled rows: texts with what a person says of them, to measure detection by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """One text and its truth."""

    id: str
    text: str
    source: str  # where it comes from, such as a file's name; rates are given for each
    language: str  # ISO 639-1, empty where nobody said
    is_offer: bool
    categories: frozenset[str]  # of an offer those that are right, any of them; of a mention none
    kind: str  # of a mention: news, court, lawful_shop ...; empty where nobody said
