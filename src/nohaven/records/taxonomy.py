"""The taxonomy: the closed list of categories, and the words of the reserved one (`resources/taxonomy.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The categories that this program may speak of. Its hash stands in every sweep."""

    version: str
    sha256: str
    categories: tuple[str, ...]  # the leaves
    reserved: tuple[str, ...]
    plain_words: tuple[str, ...]  # of the reserved category csae
    age_units: tuple[str, ...]
