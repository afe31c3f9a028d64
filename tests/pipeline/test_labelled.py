"""Labelled rows: what is read, what is refused and how, what counts once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nohaven.errors import UserMistake
from nohaven.pipeline.labelled import once_each, read_labelled
from nohaven.pipeline.public_sets import Unlabelled, read_public_sets
from nohaven.records.labelled import LabelledRow

CATEGORIES = ("drugs", "medicines", "weapons")


def written(folder: Path, *rows: object) -> Path:
    path = folder / "mine.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_row_with_all_fields(tmp_path: Path) -> None:
    row = {"id": "a", "text": "t", "side": "offer", "category": "drugs", "language": "en", "source": "s", "kind": "sms"}
    assert list(read_labelled(written(tmp_path, row), CATEGORIES)) == [
        LabelledRow("a", "t", "s", "en", True, frozenset({"drugs"}), "sms")
    ]


def test_a_row_with_few(tmp_path: Path) -> None:
    (row,) = read_labelled(written(tmp_path, {"text": "t", "side": "mention"}), CATEGORIES)
    assert (row.source, row.language, row.is_offer, row.categories) == ("mine", "", False, frozenset())


def test_several_categories_may_be_right(tmp_path: Path) -> None:
    (row,) = read_labelled(
        written(tmp_path, {"text": "t", "side": "offer", "categories": ["drugs", "medicines"]}), CATEGORIES
    )
    assert row.categories == {"drugs", "medicines"}


MISTAKES = [
    ("{", "line 1: is no JSON"),
    ("[]", "line 1: a labelled row has a text"),
    ('{"text": "t"}', "offer or mention as its side"),
    ('{"text": "t", "side": "perhaps"}', "offer or mention as its side"),
    ('{"text": 5, "side": "offer"}', "a labelled row has a text"),
    ('{"text": "t", "side": "offer", "category": "politics"}', "politics is no category of the taxonomy"),
]


@pytest.mark.parametrize(("line", "says"), MISTAKES)
def test_mistakes_name_the_line(line: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UserMistake, match=says):
        list(read_labelled(path, CATEGORIES))


def test_a_file_that_is_missing_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="name a file of labelled rows"):
        list(read_labelled(tmp_path / "none.jsonl", CATEGORIES))
    (tmp_path / "raw.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserMistake, match=r"is no UTF-8 text"):
        list(read_labelled(tmp_path / "raw.jsonl", CATEGORIES))


def test_texts_of_the_same_letters_count_once(tmp_path: Path) -> None:
    texts = ["Buy now 123!", "buy NOW 999", "buy later", "12345", "67890"]
    rows = read_labelled(written(tmp_path, *({"text": t, "side": "offer"} for t in texts)), CATEGORIES)
    assert [r.text for r in once_each(rows)] == ["Buy now 123!", "buy later", "12345", "67890"]


def test_published_sets_are_read_by_their_schemes(tmp_path: Path) -> None:
    """Files with rows made up in the sets' forms."""
    (tmp_path / "texts").mkdir()
    (tmp_path / "benign").mkdir()
    tweets = [
        {"text": "a", "label": "drug", "lang": "en"},
        {"text": "b", "label": "benign", "lang": "ja"},
        {"text": "c", "label": "Others", "lang": "en"},
    ]
    search = [
        {"text": "d", "labels": ["Gambling", "Fake Account"], "lang": "Chinese"},
        {"text": "e", "labels": ["Benign"], "lang": "x"},
    ]
    for name, rows in (("texts/twitter_promotion", tweets), ("texts/search_poisoning_multilabel", search)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "benign" / "laws_zh.jsonl").write_text('{"text": "f"}\nno json\n', encoding="utf-8")
    got = list(read_public_sets(tmp_path))
    rows_of = [r for r in got if isinstance(r, LabelledRow)]
    assert [(r.text, r.source, r.language, r.is_offer, r.kind) for r in rows_of] == [
        ("a", "tweets", "en", True, ""),
        ("b", "tweets", "ja", False, ""),
        ("d", "search", "zh", True, ""),
        ("e", "search", "", False, ""),
        ("f", "laws", "zh", False, "law"),
    ]
    assert rows_of[0].categories == {"drugs", "medicines"}
    assert rows_of[2].categories == {"gambling", "accounts_sim", "personal_data"}
    assert [u.source for u in got if isinstance(u, Unlabelled)] == ["tweets", "laws"]


def test_a_folder_without_a_known_set(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="holds no set that is known here"):
        list(read_public_sets(tmp_path))
