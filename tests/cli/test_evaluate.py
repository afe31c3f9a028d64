"""`nohaven evaluate`, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

OFFER = "出售枪支弹药，货到付款，微信 example-id-77"
ROWS = [
    {"id": "sells", "text": OFFER, "side": "offer", "category": "weapons", "language": "zh"},
    {"id": "again", "text": OFFER + "8", "side": "offer", "category": "weapons", "language": "zh"},
    {"id": "bread", "text": "Fresh bread every morning.", "side": "mention", "kind": "lawful_shop", "language": "en"},
    {"id": "missed", "text": "Ask me about the usual.", "side": "offer", "category": "drugs", "language": "en"},
]


def evaluate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nohaven.cli.main", "evaluate", *arguments], capture_output=True, text=True, check=False
    )


def rows_file(folder: Path) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), encoding="utf-8")
    return path


def test_as_json(tmp_path: Path) -> None:
    done = evaluate(str(rows_file(tmp_path)), "--json")
    assert done.returncode == 0, done.stderr
    got = json.loads(done.stdout)
    assert got["left_out"] == {"label": 0, "repeat": 1}
    assert (got["all"]["offers"], got["all"]["mentions"], got["all"]["accused"]) == (2, 1, 0)
    assert got["all"]["recall"]["value"] == 0.5
    assert got["by_category"]["weapons"]["category_recall"] == 1.0
    assert got["by_category"]["drugs"]["recall"]["value"] == 0.0
    assert list(got["by_language"]) == ["en", "zh"]
    assert got["by_kind"]["lawful_shop"]["false_alarms_at_most"] == 0.95
    assert got["accused"] == []


def test_to_read(tmp_path: Path) -> None:
    done = evaluate(str(rows_file(tmp_path)))
    assert done.returncode == 0, done.stderr
    assert "lawful_shop" in done.stdout
    assert "Left out: 1 repeat." in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_one_source_cannot_be_left_out(tmp_path: Path) -> None:
    pytest.importorskip("scipy", reason="fitting is an extra: pip install 'nohaven[train]'")
    done = evaluate(str(rows_file(tmp_path)), "--leave-one-out")
    assert done.returncode == 2
    assert "give two sources with both" in done.stderr


def test_a_mistake_is_one_line(tmp_path: Path) -> None:
    done = evaluate(str(tmp_path / "none.jsonl"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip().count("\n") == 0
