"""The rows written for the project: enough of each kind, no two alike, and no contact that may be somebody's."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "training"
HELD_BACK = ROOT / "tests" / "detection" / "texts" / "never.jsonl"
GOODS = ("explosives", "ammunition", "wiretaps", "covert_cameras", "counterfeit_money", "firearms")
KINDS = ("licensed_trade", "museum", "police_notice", "victim_question", "encyclopaedia", "research", "lawful_shop")
HALF_KINDS = ("fiction", "game", "news", "court")
NEVER = (
    "abortion_hormones",
    "harm_reduction",
    "sex_worker_safety",
    "security_research",
    "gun_clubs",
    "lawful_cannabis",
    "vpn_use",
    "politics",
    "religion",
    "corruption_reporting",
)
ALIKE = 0.5  # share of the shorter one's letter-5-grams that two rows may have in common
Row = dict[str, str]


def read(*paths: Path) -> list[Row]:
    return [json.loads(line) for p in paths for line in p.read_text(encoding="utf-8").split("\n") if line]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return read(*sorted(FOLDER.glob("*.jsonl")))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_there_are_enough_of_each_good_and_kind(language: str, rows: list[Row]) -> None:
    of_language = [r for r in rows if r["language"] == language]
    sides = Counter((r["good"], r["side"]) for r in of_language)
    assert [g for g in GOODS for side in ("offer", "mention") if sides[g, side] < 60] == []
    kinds = Counter(r["kind"] for r in of_language if r["side"] == "mention")
    assert [k for k in KINDS if kinds[k] < 60] == []
    assert [k for k in HALF_KINDS if kinds[k] < 30] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_never_to_be_flagged_is_half_held_back(language: str, rows: list[Row]) -> None:
    trained = Counter(r["good"] for r in rows if r["language"] == language)
    held = Counter(r["good"] for r in read(HELD_BACK) if r["language"] == language)
    assert [t for t in NEVER if trained[t] < 20 or held[t] < 20] == []


def test_ids_are_unique_and_every_row_names_its_source(rows: list[Row]) -> None:
    every = [*rows, *read(HELD_BACK)]
    assert [i for i, n in Counter(r["id"] for r in every).items() if n > 1] == []
    assert {r["source"] for r in every} == {"project", "never"}
    assert {r["source"] for r in rows if r["good"] in NEVER} == {"never"}


def grams(text: str) -> set[str]:
    letters = "".join(c for c in text.lower() if c.isalpha())
    return {letters[i : i + 5] for i in range(len(letters) - 4)}


def test_no_two_rows_are_alike(rows: list[Row]) -> None:
    every = [*rows, *read(HELD_BACK)]
    of_row = [grams(r["text"]) for r in every]
    seen: dict[str, list[int]] = defaultdict(list)
    alike = []
    for number, mine in enumerate(of_row):
        shared = Counter(other for gram in mine for other in seen[gram])
        alike += [
            (every[number]["id"], every[other]["id"])
            for other, count in shared.items()
            if count > ALIKE * min(len(mine), len(of_row[other]))
        ]
        for gram in mine:
            seen[gram].append(number)
    assert alike == []


_HOST = re.compile(r"(?:https?://|www\.|@[\w-]+\.)[\w.-]*", re.IGNORECASE)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def test_contacts_are_fictional(rows: list[Row]) -> None:
    """Addresses are of reserved names, and no row has a number that a Chinese mobile phone could have."""
    every = [*rows, *read(HELD_BACK)]
    hosts = [(r["id"], h) for r in every for h in _HOST.findall(r["text"]) if "example" not in h and "." in h]
    assert hosts == []
    assert [r["id"] for r in every if _PHONE.search(r["text"])] == []
