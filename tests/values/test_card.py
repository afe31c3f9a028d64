"""Which bare digits are a card number."""

from __future__ import annotations

import pytest

from nohaven.values.card import is_card

CASES = [
    ("4111111111111111", True),  # published test numbers of the issuers
    ("5555555555554444", True),
    ("2223003122003222", True),
    ("378282246310005", True),
    ("30569309025904", True),
    ("3530111333300000", True),
    ("6011111111111117", True),
    ("4222222222222", True),  # thirteen digits
    ("6212345678900000003", True),  # nineteen
    ("4111111111111112", False),  # check digit
    ("1764000000000", False),  # no issuer begins so: a time in milliseconds
    ("9780306406157", False),  # a book number
    ("411111111111", False),  # twelve digits
    ("0000000000000000", False),
    ("4444444444444444", False),  # one digit over and over
    ("41111111111111 1", False),
    ("", False),
]


@pytest.mark.parametrize(("digits", "expected"), CASES)
def test_is_card(digits: str, expected: bool) -> None:
    assert is_card(digits) is expected
