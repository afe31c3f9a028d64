"""What counts as evidence, and how often."""

from __future__ import annotations

import pytest

from nohaven.pipeline.chain import Chain, load_chain
from nohaven.records.capture import Capture
from nohaven.store.cache import cache_folder


@pytest.fixture(scope="module")
def chain() -> Chain:
    return load_chain(cache_folder())


CASES = [
    ("摇头丸 埋包", False, "one word that two groups know is one sign: too little for an offer"),
    ("摇头丸 埋包，六百一包，加微信 exq_north065", True, "a price and a channel beside it are signs of their own"),
]


@pytest.mark.parametrize(("text", "is_offer", "reason"), CASES)
def test_the_same_words_count_once(text: str, is_offer: bool, reason: str, chain: Chain) -> None:
    """By the rules alone."""
    payload = text.encode()
    capture = Capture(
        url="urn:test", payload=payload, payload_sha256="", mime="text/plain", input="-", offset=0, length=0
    )
    findings = chain.with_model(None).outcome(capture).verdict.findings
    assert any(f.band == "offer" for f in findings) is is_offer, reason
    for finding in findings:
        positive = [r for r in finding.reasons if r.quote == "埋包" and r.weight > 0]
        assert len(positive) <= 1, reason
