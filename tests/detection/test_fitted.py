"""The fitted model: what it may call an offer, and that its reasons are all of its score."""

from __future__ import annotations

import pytest

from nohaven.detection.fitted import Fitted, Naming, load_fitted
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


def long(text: str) -> str:
    """A page on which the text is one block of many."""
    return text + "\n\n" + "\n\n".join("The river was high in spring." for _ in range(20))


ON_LONG_PAGES = [
    ("glock 19 for sale, 500 usd, telegram @example_iron", True, "goods, a sale and a way to get in touch"),
    ("Fresh bread every morning.", False, "no goods"),
    ("glock 19", False, "goods alone"),
    ("telegram @example_iron, available now", False, "a way to get in touch alone"),
    ("he said the glock 19 was available", False, "nobody to get in touch with"),
    ("cocaine for sale", False, "it does not say how to get it"),
]


@pytest.mark.parametrize(("text", "expected", "reason"), ON_LONG_PAGES)
def test_what_no_weight_can_make_an_offer(text: str, expected: bool, reason: str, chain: Chain) -> None:
    """On a long page a model that would call everything an offer calls one only what has all that an offer needs."""
    found = findings(chain.with_model(EAGER), long(text))
    assert any(f.band == "offer" for f in found) == expected, reason
    assert expected or not found, "not even a doubt"


MESSAGES = [
    ("cocaine for sale, telegram @example_iron", {"offer"}, "goods"),
    ("we talked about cocaine", {"offer"}, "goods: the weights alone decide"),
    ("首充送彩金", {"offer"}, "a cue that only one trade writes names the trade"),
    ("Fresh bread every morning, telegram @example_bread", set(), "of no trade that is looked for"),
]


@pytest.mark.parametrize(("text", "bands", "reason"), MESSAGES)
def test_of_a_message_the_model_judges_all_that_names_a_trade(
    text: str, bands: set[str], reason: str, chain: Chain
) -> None:
    assert {f.band for f in findings(chain.with_model(EAGER), text)} == bands, reason


def naming(**biases: float) -> Naming:
    return Naming(1.0, 0.6, {category: {"bias": bias} for category, bias in biases.items()})


BREAD = "Fresh bread every morning, telegram @example_bread"
NAMINGS = [
    (50.0, naming(drugs=3.0, weapons=0.0), [("offer", "drugs")], "surely of one category"),
    (50.0, naming(drugs=0.1, weapons=0.0), [("doubtful", "other_illicit")], "of no category surely: a person looks"),
    (50.0, naming(sexual_services=3.0, weapons=0.0), [], "what may be sexual is left to the rules"),
    (0.5, naming(drugs=3.0, weapons=0.0), [], "the sum is too small where no rule names the trade"),
    (50.0, None, [], "a model that names none"),
]


@pytest.mark.parametrize(("bias", "named", "expected", "reason"), NAMINGS)
def test_the_model_may_name_the_trade_of_a_message(
    bias: float, named: Naming | None, expected: list[tuple[str, str]], reason: str, chain: Chain
) -> None:
    found = findings(chain.with_model(Fitted(bias, {}, 1.0, 0.5, named)), BREAD)
    assert [(f.band, f.category) for f in found] == expected, reason
    assert all(sum(r.weight for r in f.reasons) == pytest.approx(f.log_odds, abs=1e-9) for f in found)


def test_the_model_names_no_trade_on_a_long_page(chain: Chain) -> None:
    assert findings(chain.with_model(Fitted(50.0, {}, 1.0, 0.5, naming(drugs=3.0, weapons=0.0))), long(BREAD)) == ()


def test_rules_alone_make_a_doubt_of_a_message_and_an_offer_of_a_block(chain: Chain) -> None:
    text = "出售枪支弹药，货到付款，微信 example-id-77"
    assert [f.band for f in findings(chain.with_model(None), text)] == ["offer"]
    assert [f.band for f in findings(chain.with_model(NEVER), text)] == ["doubtful"]
    assert findings(chain.with_model(NEVER), long(text)) == findings(chain.with_model(None), long(text))
    assert [f.band for f in findings(chain.with_model(NEVER), long(text))] == ["offer"]


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
        assert sum(r.weight for r in finding.reasons) == pytest.approx(finding.log_odds, abs=1e-9)
        assert finding.score == pytest.approx(detector.scales.calibrated(finding.log_odds), abs=1e-3)
        quoting = (r for r in finding.reasons if not r.rule_id.startswith(("model.", "structure.")))
        assert all(r.quote for r in quoting)
        assert all(r.quote and r.quote in text for r in finding.reasons if r.rule_id == "model.phrase")


def replace_thresholds(model: Fitted) -> Fitted:
    """The packaged weights, so eager that they always say something."""
    return Fitted(model.bias, model._weights, -9.0, -9.0)


def test_the_packaged_model_spares_an_ordinary_advert(chain: Chain) -> None:
    model = load_fitted()
    assert model.doubtful_at < model.offer_at
    assert findings(chain, "Fresh bread every morning, 2 for 5, call 555-0100.") == ()
