"""The fitted model: what it may call an offer, and that its reasons are all of its score."""

from __future__ import annotations

import pytest

from nohaven.detection.fitted import Fitted, load_fitted
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.records.capture import Capture
from nohaven.records.offer import Finding
from nohaven.store.cache import cache_folder

EAGER = Fitted(bias=50.0, weights={}, offer_at=1.0, doubtful_at=0.5)
NEVER = Fitted(bias=-50.0, weights={}, offer_at=1.0, doubtful_at=0.5)


@pytest.fixture(scope="module")
def chain() -> Chain:
    return load_chain(cache_folder())


def findings(chain: Chain, text: str) -> tuple[Finding, ...]:
    payload = text.encode()
    capture = Capture("urn:test", payload, "0" * 64, "text/plain", "-", 0, len(payload))
    return chain.outcome(capture).verdict.findings


MAY_BE = [
    ("glock 19 available, telegram @example_iron", True, "goods, a sale and a way to get in touch"),
    ("Fresh bread every morning.", False, "no goods"),
    ("glock 19", False, "goods alone"),
    ("telegram @example_iron, available now", False, "a way to get in touch alone"),
    ("he said the glock 19 was available", False, "nobody to get in touch with"),
    ("police said the glock 19 on offer at telegram @example_iron was seized", False, "one cue, and it reports"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), MAY_BE)
def test_what_no_weight_can_make_an_offer(text: str, expected: bool, reason: str, chain: Chain) -> None:
    """A model that would call everything an offer calls one only what has all that an offer needs."""
    found = findings(chain.with_model(EAGER), text)
    assert any(f.band == "offer" for f in found) == expected, reason


DOUBTS = [
    ("cocaine for sale", {"doubtful"}, "it sells, and does not say how to get it"),
    ("cocaine for sale, telegram @example_iron", {"offer"}, "it says so too"),
    ("police said the cocaine was for sale", set(), "one cue where something speaks as a mention does"),
    ("we talked about cocaine", set(), "no cue"),
]


@pytest.mark.parametrize(("text", "bands", "reason"), DOUBTS)
def test_a_message_that_sells_without_a_way_to_order_is_a_doubt(
    text: str, bands: set[str], reason: str, chain: Chain
) -> None:
    assert {f.band for f in findings(chain.with_model(EAGER), text)} == bands, reason


def test_a_long_page_needs_a_way_to_order_even_for_a_doubt(chain: Chain) -> None:
    text = "cocaine for sale\n\n" + "\n\n".join("The river was high in spring." for _ in range(20))
    assert findings(chain.with_model(EAGER), text) == ()


def test_a_model_that_finds_nothing_takes_nothing_from_the_rules(chain: Chain) -> None:
    text = "出售枪支弹药，货到付款，微信 example-id-77"
    alone = findings(chain.with_model(None), text)
    assert [f.band for f in alone] == ["offer"]
    assert findings(chain.with_model(NEVER), text) == alone


TEXTS = [
    "pure cocaine back in stock, 1g 60 3.5g 180, dm @example_snow, stealth shipping",
    "glock 19 available, telegram @example_iron",
    "办理各类毕业证 学历证 网上可查 加微信 example_zheng 先做后付",
]


@pytest.mark.parametrize("text", TEXTS)
def test_reasons_sum_to_the_log_odds_and_the_calibration_makes_the_score(text: str, chain: Chain) -> None:
    detector = chain.detector
    assert detector is not None
    found = findings(chain.with_model(replace_thresholds(load_fitted())), text)
    assert found
    for finding in found:
        assert sum(r.weight for r in finding.reasons) == pytest.approx(finding.log_odds, abs=2e-3)
        assert finding.score == pytest.approx(detector.scales.calibrated(finding.log_odds), abs=1e-3)
        assert all(r.quote for r in finding.reasons if not r.rule_id.startswith(("model.", "structure.")))


def replace_thresholds(model: Fitted) -> Fitted:
    """The packaged weights, so eager that they always say something."""
    return Fitted(model.bias, model._weights, -9.0, -9.0)


def test_the_packaged_model_spares_an_ordinary_advert(chain: Chain) -> None:
    model = load_fitted()
    assert model.doubtful_at < model.offer_at
    assert findings(chain, "Fresh bread every morning, 2 for 5, call 555-0100.") == ()
