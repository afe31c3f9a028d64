"""Fitting: the same rows give the same weights, and what rows cannot teach is said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nohaven.detection.fitted import Naming, Sign, load_fitted
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.pipeline.labelled import read_labelled
from nohaven.records.labelled import LabelledRow
from nohaven.store.cache import cache_folder
from nohaven.store.taxonomy import load_taxonomy

from .made import run

pytest.importorskip("scipy", reason="fitting is an extra: pip install 'nohaven[train]'")
from nohaven.pipeline.training import Seen, Weighing, fit, leave_one_out, train

ROOT = Path(__file__).parents[2]
DEVELOPMENT = ROOT / "tests" / "detection" / "texts" / "development.jsonl"


@pytest.fixture(scope="module")
def chain() -> Chain:
    return load_chain(cache_folder())


@pytest.fixture(scope="module")
def rows() -> list[LabelledRow]:
    return list(read_labelled(DEVELOPMENT, load_taxonomy().categories))


def test_the_same_rows_give_the_same_model(rows: list[LabelledRow], chain: Chain) -> None:
    first = train(rows, chain)
    assert train(rows, chain) == first
    assert first.rows == {"development": {"offers": 128, "mentions": 128}}
    assert 0 < first.loss < 0.6931  # less than that of a coin


def test_a_sign_of_offers_gets_a_weight_for_them(rows: list[LabelledRow], chain: Chain) -> None:
    weights = train(rows, chain).weights
    assert weights["topic_and_cue"] > 0
    assert weights["mention_cue_groups:1"] < 0


def weighing(**changes: object) -> Weighing:
    made = Weighing(
        penalty=1.0,
        side_rows=10,
        own_side_rows=20,
        heavier={"hard": 3.0},
        own_sources=frozenset({"own"}),
        least_rows=2,
        least_anywhere=9,
        naming_penalty=0.1,
        drawn_on={},
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def row(source: str, is_offer: bool, *categories: str) -> LabelledRow:
    return LabelledRow("id", "text", source, "en", is_offer, frozenset(categories), "")


def test_words_are_learned_that_enough_rows_say() -> None:
    seen = Seen()
    shown = {
        "own": [["phrase:both", "phrase:own", "rule:x"], ["phrase:both", "phrase:own"]],
        "set": [["phrase:both", "phrase:set", "rule:y"], ["phrase:set"]],
    }
    for source, rows in shown.items():
        for number, names in enumerate(rows):
            seen.add(row(source, bool(number)), [Sign(name, 1.0) for name in names])
    matrix, names = seen.matrix(range(4), weighing())
    assert names == ["phrase:both", "rule:x", "rule:y"]
    assert matrix.toarray().tolist() == [[1, 1, 0], [1, 0, 0], [1, 0, 1], [0, 0, 0]]
    assert seen.matrix(range(4), weighing(least_rows=3))[1] == ["rule:x", "rule:y"]
    several = ["phrase:both", "phrase:own", "phrase:set", "rule:x", "rule:y"]
    assert seen.matrix(range(4), weighing(least_anywhere=2))[1] == several


def test_categories_are_told_apart_by_what_their_offers_say() -> None:
    seen = Seen()
    for name, category in [("phrase:glock", "weapons"), ("phrase:weed", "drugs")] * 6:
        seen.add(row("own", True, category), [Sign(name, 1.0), Sign("phrase:sell", 1.0)])
    for _ in range(6):
        seen.add(row("own", False), [Sign("phrase:weed", 1.0), Sign("phrase:news", 1.0)])
    seen.add(row("set", False), [Sign(f"phrase:{word}", 1.0) for word in ("glock", "weed", "sell", "news")])
    categories = fit(seen, range(len(seen.sides))).categories
    assert sorted(categories) == ["drugs", "weapons"]
    named = Naming(0.0, 0.5, categories)
    assert named.best([Sign("phrase:glock", 1.0)])[0] == "weapons"
    assert named.best([Sign("phrase:weed", 1.0)])[0] == "drugs"
    assert named.best([Sign("phrase:sell", 1.0)])[1] == pytest.approx(0.5, abs=0.05)
    assert all("phrase:news" not in weights for weights in categories.values()), "offers alone teach categories"


def test_no_side_of_a_source_counts_for_more_rows_than_it_may() -> None:
    sides = [("large", True)] * 40 + [("large", False)] * 5 + [("hard", False)] * 4 + [("own", True)] * 40
    weights = weighing().of(sides)
    assert weights[:40].sum() == pytest.approx(10)
    assert weights[40:45].tolist() == [1.0] * 5
    assert weights[45:49].tolist() == [3.0] * 4
    assert weights[49:].sum() == pytest.approx(20)


def test_rows_of_one_side_teach_nothing(rows: list[LabelledRow], chain: Chain) -> None:
    with pytest.raises(ValueError, match="one side"):
        train([row for row in rows if row.is_offer], chain)


def test_each_source_is_measured_by_a_model_that_never_saw_it(rows: list[LabelledRow], chain: Chain) -> None:
    parts = [
        LabelledRow(r.id, r.text, f"part{n % 2}", r.language, r.is_offer, r.categories, r.kind)
        for n, r in enumerate(rows)
    ]
    rates = leave_one_out(parts, chain, load_fitted())
    assert list(rates) == ["part0", "part1"]
    assert sum(r.offers for r in rates.values()) == 128
    assert all(r.recall.value is not None and r.recall.value > 0.3 for r in rates.values())


def test_the_command_writes_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        done = run("train", str(DEVELOPMENT), "--out", str(tmp_path / name), "--date", "2026-11-24")
        assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    table = json.loads((tmp_path / "a.json").read_bytes())
    assert table["rows"] == {"development": {"mentions": 128, "offers": 128}}
    assert table["doubtful_at"] < table["offer_at"]


def test_the_command_says_where_it_cannot_write(tmp_path: Path) -> None:
    done = run("train", str(DEVELOPMENT), "--out", str(tmp_path / "none" / "model.json"))
    assert done.returncode == 3
    assert b"could not be written (No such file or directory)" in done.stderr


def test_the_command_says_what_rows_lack(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "Bread.", "side": "mention"}\n')
    done = run("train", str(path), "--out", str(tmp_path / "model.json"))
    assert done.returncode == 2
    assert b"a model needs both" in done.stderr
    assert not (tmp_path / "model.json").exists()
