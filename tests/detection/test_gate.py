"""The gate lets through every page that has a finding, in disguise too, and holds back most of the others."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from nohaven.exercise.build import build_exercise
from nohaven.extraction.reading import read_contents, skim, undone
from nohaven.intake.doors import door_named
from nohaven.intake.plan import plan_units
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.records.capture import Bounds, Capture
from nohaven.records.page import joined
from nohaven.store.cache import cache_folder
from nohaven.values.masking import mask_text


@pytest.fixture(scope="module")
def chain() -> Chain:
    return load_chain(cache_folder())


def _passes(chain: Chain, capture: Capture) -> bool:
    assert chain.detector is not None
    skimmed = skim(capture, chain.tools)
    return chain.detector.passes(skimmed.folded, skimmed.head, lambda: undone(skimmed, chain.tools), False)


def _page(text: str) -> Capture:
    payload = f"<html><body>{text}</body></html>".encode()
    return Capture("https://a.example/", payload, hashlib.sha256(payload).hexdigest(), "text/html", "-", 0, 1)


TEXTS = [
    ("出售枪支，微信联系", True, "in the open"),
    ("出售木仓支，微信联系", True, "halves of a character"),
    ("s e l l i n g g l o c k s, text me", True, "letters apart"),
    ("selling gl0cks, text me", True, "digits for letters"),
    ("selling gl⭐ocks, text me", True, "a picture within the word"),
    ("selling gl<b>o</b>cks, text me", True, "mark-up within the word"),
    ("selling g\u200bl\u200bocks, text me", True, "invisible characters"),
    ("The museum opens at nine; bread and soup are sold in the hall.", False, "no trade is named"),
    ("mp3s 4u web2.0 h264 ⭐ new ⭐ 2nd", False, "mixed words that hide nothing"),
]


@pytest.mark.parametrize(("text", "passes", "why"), TEXTS)
def test_short_pages_pass_by_the_trade_they_name(text: str, passes: bool, why: str, chain: Chain) -> None:
    assert _passes(chain, _page(text)) is passes, why


def test_no_page_with_a_finding_is_held_back(chain: Chain, tmp_path: Path) -> None:
    """Every page of an exercise is judged as if there were no gate."""
    files = build_exercise(tmp_path, 300, 11)
    unit = plan_units([("web", files.warc)], 1 << 40)[0]
    captures = [
        thing for thing in door_named(unit.door).read(unit, Bounds(), lambda _: None, {}) if isinstance(thing, Capture)
    ]
    held_back = [capture for capture in captures if not _passes(chain, capture)]
    assert len(held_back) >= 60, "a gate that holds nothing back is none"
    assert [capture.url for capture in held_back if _finds(chain, capture)] == []


def _finds(chain: Chain, capture: Capture) -> bool:
    assert chain.detector is not None
    skimmed = skim(capture, chain.tools)
    contents = read_contents(skimmed, chain.tools)
    verdict = chain.detector.verdict(skimmed.page, contents, mask_text(joined(contents.blocks)))
    return bool(verdict.findings) or verdict.reserved
