"""The user's cache folder: what can be made again, kept to save time."""

from __future__ import annotations

import os
from pathlib import Path

COMPILED_RULES = "rules-*.hsdb"


def has_compiled_rules() -> bool:
    """Whether rules were ever compiled here: else the first run takes up to a minute longer."""
    return any(cache_folder().glob(COMPILED_RULES))


def cache_folder() -> Path:
    """`nohaven` in the user's cache folder (XDG_CACHE_HOME, else ~/.cache). It need not exist."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "nohaven"
