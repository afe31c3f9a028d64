"""Card numbers and resident ids that nobody owns, and the places where a page shows them."""

from __future__ import annotations

from random import Random

from nohaven.exercise.records import Planted

TEST_CARDS = (
    "4111111111111111", "5555555555554444", "4012888888881881", "5105105105105100", "378282246310005",
    "6011111111111117", "3530111333300000",
)  # fmt: skip
_TEST_BINS = ("411111", "400000", "555555", "510510", "601111")
PUBLISHED_IDS = ("11010519491231002X", "440524188001010014")  # samples printed with GB 11643 and in textbooks
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, 4.2
_CHECKS = "10X98765432"
PLACES = ("text", "title", "alt", "query", "script")


def luhn_check(digits: str) -> str:
    """The digit that makes `digits` plus it a valid card number."""
    doubled = (int(one) * (2 if place % 2 == 0 else 1) for place, one in enumerate(reversed(digits)))
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def resident_check(digits: str) -> str:
    """The check character of a resident id's first 17 digits."""
    return _CHECKS[sum(int(one) * weight for one, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


def card(rng: Random) -> str:
    """A well-known test number, or a fresh one under a test BIN."""
    if rng.random() < 0.4:
        return rng.choice(TEST_CARDS)
    digits = rng.choice(_TEST_BINS) + "".join(rng.choices("0123456789", k=9))
    return digits + luhn_check(digits)


def resident_id(rng: Random) -> str:
    """A published sample, or one of the region 999999, which does not exist."""
    if rng.random() < 0.2:
        return rng.choice(PUBLISHED_IDS)
    born = f"{rng.randint(1950, 1999)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    digits = f"999999{born}{rng.randint(1, 999):03d}"
    return digits + resident_check(digits)


def plant(rng: Random) -> tuple[Planted, dict[str, str]]:
    """What is planted on a page, and the HTML fragment for each place."""
    cards = tuple(card(rng) for _ in range(rng.randint(0, 2)))
    ids = tuple(resident_id(rng) for _ in range(rng.randint(0 if cards else 1, 1)))
    shown: dict[str, str] = {}
    for number in (*cards, *ids):
        place = rng.choice(PLACES)
        shown[place] = shown.get(place, "") + _fragment(place, number, rng)
    return Planted(cards, ids), shown


def _fragment(place: str, number: str, rng: Random) -> str:
    if place == "query":
        return f'<p><a href="/pay?step=2&amp;no={number}&amp;back=1">receipt</a></p>'
    if place == "alt":
        return f'<img src="/i/card.png" width="80" height="50" alt="scan {number}">'
    if place == "script":
        return f'<script>var last={{"ref":"{number}","ok":true}};</script>'
    if place == "title":
        return f" {number}"
    return f"<p>ref. {_spelled(number, rng)}</p>"


def _spelled(number: str, rng: Random) -> str:
    joint = rng.choice(("", " ", "-"))
    if len(number) == 18:
        return joint.join((number[:6], number[6:14], number[14:]))
    return joint.join(number[start : start + 4] for start in range(0, len(number), 4))
