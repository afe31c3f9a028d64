"""Both scanners name every rule that stands in a text; Finder is the truth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nohaven.detection.anchors import anchors_of, width_of
from nohaven.detection.finder import Finder
from nohaven.detection.rulebook import load_rulebook
from nohaven.detection.scanner import PortableScanner, Scanner, make_scanner
from nohaven.extraction.folding import load_folding
from nohaven.extraction.views import base_view
from nohaven.store.cache import cache_folder

TEXTS = Path(__file__).parent / "texts"
RULES = load_rulebook().rules
NUMBERED = dict(enumerate(RULES))


@pytest.fixture(scope="module", params=["fastest", "portable"])
def scanner(request: pytest.FixtureRequest) -> Scanner:
    return make_scanner(NUMBERED, cache_folder()) if request.param == "fastest" else PortableScanner(NUMBERED)


def test_no_rule_that_stands_is_missing(scanner: Scanner) -> None:
    folding = load_folding()
    finders = [Finder(r) for r in RULES]
    lines = (TEXTS / "sixty.jsonl").read_text(encoding="utf-8").split("\n")
    views = [base_view(json.loads(line)["text"], folding).text.replace("\n", " ") for line in lines if line]
    text = "\n".join(views)
    fired, by_line = scanner.fired(text).places(), scanner.fired_by_line(text)
    for number, finder in enumerate(finders):
        at = 0
        for line, view in enumerate(views):
            for start, end in finder.places(text, at, at + len(view)):
                assert (line, number) in by_line, finder.rule.id
                assert any(start - finder.width <= e <= end + finder.width for e in fired[number]), finder.rule.id
            at += len(view) + 1


ANCHORS = [
    (r"(?:sell|buy) .{0,20}glock", {"glock"}, "the rarer of two stretches"),
    (r"冰毒|冰货", {"冰毒", "冰货"}, "a common first letter that `re` factors out"),
    (r"(?:gun)?shop", {"shop"}, "what may be missing is no anchor, and a longer spelling adds nothing"),
    (r"[0-9]{2,4} ?(?:ug|mg)", {"ug", "mg"}, "numbers are no anchors"),
    (r"\bsig[ \-]sauer\b", {"sig sauer", "sig-sauer"}, "a class of single characters is written out"),
]


@pytest.mark.parametrize(("expression", "expected", "reason"), ANCHORS)
def test_anchors(expression: str, expected: set[str], reason: str) -> None:
    assert anchors_of(expression) == expected, reason


def test_width() -> None:
    assert width_of(r"a.{0,20}bc?") == 23


def test_a_rule_that_asks_for_the_start_of_a_block_finds_it_in_every_block() -> None:
    rule = next(r for r in RULES if r.id == "channel.any.handle")
    assert rule.expression.startswith("(?:^|"), "the case needs a rule of this form"
    text = "@example_one\n@example_two"
    second = text.index("\n") + 1
    assert list(Finder(rule).places(text, 0, second - 1))
    assert list(Finder(rule).places(text, second, len(text)))
