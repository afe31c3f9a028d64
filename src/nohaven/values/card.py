"""Payment card numbers: 13 to 19 digits with a Luhn check digit, under a major issuer's first digits (ISO/IEC 7812)."""

from __future__ import annotations

import re

from stdnum import luhn

# Issuer ranges in use: Visa 4, Mastercard 51-55 and 2221-2720, Amex 34/37, Diners 30/36/38, JCB 35, UnionPay 62 and 81,
# Discover 60/64/65, Maestro 50/56-69, Mir 2200-2204, Troy 9792.
_ISSUER = re.compile(r"4|5[0-9]|2[2-7]|3[04-8]|6|81|9792")
_MAY_BEGIN = re.compile(r"[4568]|2(?:[2-7]|$)|3(?:[04-8]|$)|9(?:7|$)")  # of as few as one of its digits
LENGTHS = range(19, 12, -1)


def is_card(digits: str) -> bool:
    """Whether bare digits are a plausible card number."""
    if len(digits) not in LENGTHS or len(set(digits)) == 1 or _ISSUER.match(digits) is None:
        return False
    return bool(luhn.is_valid(digits))


def begins_card(digits: str) -> bool:
    """Whether bare digits may be the first of a card number."""
    return _MAY_BEGIN.match(digits) is not None
