"""The cache of compiled rules: what is kept helps, what is old goes, what is broken harms nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from nohaven.detection.rulebook import load_rulebook
from nohaven.detection.scanner import make_scanner
from nohaven.records.rule import Rule
from nohaven.store.cache import cache_folder

pytest.importorskip("hyperscan", reason="the portable scanner compiles nothing that would be kept")


@pytest.fixture(scope="module")
def rules() -> Mapping[int, Rule]:
    return dict(enumerate([rule for rule in load_rulebook().rules if rule.term is not None][:20]))


def test_the_newest_nine_are_kept(rules: Mapping[int, Rule], tmp_path: Path) -> None:
    """Ten versions of the rules one after another; another program's file is left alone."""
    (tmp_path / "other.hsdb").write_text("mine")
    made = []
    for version in range(1, 11):
        make_scanner({n: rules[n] for n in range(2 * version)}, tmp_path)
        (new,) = set(tmp_path.glob("rules-*.hsdb")) - set(made)
        os.utime(new, (version, version))
        made = [*made, new]
    assert {f for f in made if f.exists()} == set(made[1:])
    assert (tmp_path / "other.hsdb").exists()


@pytest.mark.parametrize("content", [b"", b"no database", bytes(5000)])
def test_a_broken_file_is_made_again(content: bytes, rules: Mapping[int, Rule], tmp_path: Path) -> None:
    make_scanner(rules, tmp_path)
    (file,) = tmp_path.glob("rules-*.hsdb")
    whole = file.stat().st_size
    file.write_bytes(content)
    make_scanner(rules, tmp_path)
    assert file.stat().st_size == whole


def test_a_cache_that_cannot_be_written_only_costs_time(rules: Mapping[int, Rule], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    make_scanner(rules, tmp_path / "file" / "cache")


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "nohaven"
