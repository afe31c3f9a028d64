"""Reads the packaged taxonomy."""

from __future__ import annotations

import hashlib
from typing import cast

from nohaven.records.taxonomy import Taxonomy
from nohaven.store.packaged import packaged_folder, read_yaml


def load_taxonomy() -> Taxonomy:
    """The packaged taxonomy with the SHA-256 of its file."""
    path = packaged_folder("resources") / "taxonomy.yaml"
    table = read_yaml(path)
    leaves = cast(list[dict[str, str]], table["leaves"])
    reserved = cast(list[dict[str, object]], table["reserved"])
    csae = next(r for r in reserved if r["id"] == "csae")
    return Taxonomy(
        version=str(table["version"]),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        categories=tuple(leaf["id"] for leaf in leaves),
        reserved=tuple(str(r["id"]) for r in reserved),
        plain_words=tuple(cast(list[str], csae["plain_words"])),
        age_units=tuple(cast(list[str], csae["age_units"])),
    )
