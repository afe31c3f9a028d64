"""Planted numbers are valid in form and belong to nobody."""

from __future__ import annotations

from random import Random

import pytest

from nohaven.exercise.planted import PUBLISHED_IDS, TEST_CARDS, card, luhn_check, resident_check, resident_id


@pytest.mark.parametrize("number", TEST_CARDS)
def test_luhn_agrees_with_the_known_test_cards(number: str) -> None:
    assert luhn_check(number[:-1]) == number[-1]


@pytest.mark.parametrize("number", PUBLISHED_IDS)
def test_the_check_character_agrees_with_the_published_samples(number: str) -> None:
    assert resident_check(number[:17]) == number[17]


def test_made_numbers_are_valid_and_under_test_ranges() -> None:
    rng = Random(1)
    for _ in range(200):
        number, resident = card(rng), resident_id(rng)
        assert luhn_check(number[:-1]) == number[-1]
        assert resident_check(resident[:17]) == resident[17]
        assert resident.startswith("999999") or resident in PUBLISHED_IDS
