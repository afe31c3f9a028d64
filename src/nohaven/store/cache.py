"""The user's cache folder: what can be made again, kept to save time."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """`nohaven` in the user's cache folder (XDG_CACHE_HOME, else ~/.cache). It need not exist."""
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "nohaven"
