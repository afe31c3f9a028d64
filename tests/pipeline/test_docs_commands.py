"""Every command in the README and the docs runs, in the order in which it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .made import OFFER, packed, record

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_COMMAND = re.compile(r"^    (?:\$ )?((?:nohaven|make|python|echo) .*)$", re.MULTILINE)
_COMMENT = re.compile(r"\s{2,}#.*$")


def commands(page: Path) -> list[str]:
    """The commands of a page, without the remarks behind them."""
    return [_COMMENT.sub("", line) for line in _COMMAND.findall(page.read_text(encoding="utf-8"))]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with the inputs that the docs name."""
    offer = record("http://shop.example/", OFFER.encode())
    other = record("http://news.example/", b"<p>Nothing to see.")
    (tmp_path / "crawl.warc.gz").write_bytes(b"".join(packed(offer, other)))
    (tmp_path / "page.html").write_text(OFFER, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "one.html").write_text("<p>Fresh bread every morning.", encoding="utf-8")
    row = {"url": "http://a.example/", "text": "Bread.", "side": "mention"}
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    for name in ("mine", "theirs"):
        both = [{"text": f"{OFFER} {name}", "side": "offer"}, {"text": f"Bread for {name}.", "side": "mention"}]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, both)), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("page", [p for p in PAGES if commands(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_the_commands_run(page: Path, desk: Path) -> None:
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    bin_folder = str(Path(sys.executable).parent)
    for command in commands(page):
        if command.startswith("make "):
            assert command.split()[1] in targets, command
            continue
        run = subprocess.run(
            command.replace(".venv/bin/", ""),
            shell=True,  # as a reader would type it
            cwd=desk,
            env=os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, (command, run.stderr)
