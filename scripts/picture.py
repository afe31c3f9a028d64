"""Draws docs/inspect.svg: what `nohaven inspect --sweep DIR URL` prints for pages of a sweep. Used for the README.

usage: python scripts/picture.py SWEEP URL...
"""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console

from nohaven.cli.account import tell
from nohaven.cli.inspect import _of_sweep
from nohaven.pipeline.chain import load_chain
from nohaven.store.cache import cache_folder
from nohaven.store.sweep_folder import SweepFolder

if __name__ == "__main__":
    console = Console(record=True, width=118, highlight=False, file=io.StringIO())
    chain = load_chain(cache_folder())
    for url in sys.argv[2:]:
        for capture in _of_sweep(SweepFolder(Path(sys.argv[1])), url):
            tell(chain.outcome(capture, whole=True), console)
    target = Path(__file__).parents[1] / "docs" / "inspect.svg"
    drawn = console.export_svg(title="nohaven inspect")
    # the reader's own fonts will do: a picture in a README should ask no other host for anything
    target.write_text(re.sub(r"@font-face \{[^}]*\}\s*", "", drawn), encoding="utf-8")
