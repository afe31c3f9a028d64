"""No word of identity changes a score: one swapped for another leaves it equal to the bit."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nohaven.detection.fitted import Fitted, load_fitted
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.records.capture import Capture
from nohaven.store.cache import cache_folder
from nohaven.store.packaged import read_resource

WORDS = cast(list[str], read_resource("identity_words")["words"])
LATIN = [w for w in WORDS if w.isascii()]
HAN = [w for w in WORDS if not w.isascii()]
ENGLISH = [
    "pure cocaine back in stock, {} owned, 1g 60 3.5g 180, dm @example_snow, stealth shipping",
    "{} club night on friday, tickets 5 at the door",
    "glock 19 available for {} people only, telegram @example_iron",
    "the {} community centre gives out naloxone and test strips for cocaine, free",
]
CHINESE = [
    "办理各类毕业证 学历证 {}可办 网上可查 加微信 example_zheng 先做后付",
    "{}朋友开的面包店，五块一个",
    "出售枪支弹药，{}老板，货到付款，微信 example-id-77",
]


@pytest.fixture(scope="module")
def chain() -> Chain:
    model = load_fitted()
    assert model.naming is not None
    eager = replace(model.naming, offer_at=-9.0, sure_at=0.0)
    return load_chain(cache_folder()).with_model(Fitted(model.bias, model._weights, -9.0, -9.0, eager))


def said(text: str, chain: Chain) -> list[tuple[str, str, float]]:
    payload = text.encode()
    capture = Capture("urn:test", payload, "0" * 64, "text/plain", "-", 0, len(payload))
    return [(f.category, f.band, f.log_odds) for f in chain.outcome(capture).verdict.findings]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_swapping_a_word_of_identity_changes_nothing(chain: Chain, data: st.DataObject) -> None:
    texts, words = data.draw(st.sampled_from([(ENGLISH, LATIN), (CHINESE, HAN)]))
    text = data.draw(st.sampled_from(texts))
    one, other = data.draw(st.sampled_from(words)), data.draw(st.sampled_from(words))
    assert said(text.format(one), chain) == said(text.format(other), chain)


def test_the_texts_are_scored_at_all(chain: Chain) -> None:
    scored = [bool(said(text.format("gay" if text in ENGLISH else "同志"), chain)) for text in [*ENGLISH, *CHINESE]]
    assert sum(scored) >= 5
