"""Operators, each derived from its number alone, so that a world of any size keeps none of them."""

from __future__ import annotations

from random import Random

from nohaven.exercise.records import Channels, Language, Operator

CATEGORIES = (
    "drugs", "gambling", "documents", "weapons", "medicines", "payment_fraud", "money_laundering", "accounts_sim",
    "personal_data", "hacking", "surveillance", "counterfeits", "sexual_services", "fraud_schemes",
    "exploitation_violence", "wildlife",
)  # fmt: skip
_HANDLES = ("moon", "river", "stone", "cloud", "raven", "north", "tulip", "maple", "comet", "otter")
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
FICTIONAL_QQ = 1000  # 1000000000 to 1000000999


def operator_at(seed: int, number: int) -> Operator:
    """The operator of that number (from 0). Languages alternate; every category comes up in both within 32."""
    rng = Random(f"{seed}:operator:{number}")
    language: Language = "en" if number % 2 == 0 else "zh"
    main = number // 2 % len(CATEGORIES)
    second = (main + 1 + rng.randrange(len(CATEGORIES) - 1)) % len(CATEGORIES)
    return Operator(
        name=f"op-{number:03d}",
        language=language,
        categories=(CATEGORIES[main], CATEGORIES[second]),
        channels=_channels(number, rng),
        tracker=f"G-EXOP{number:06d}",
    )


def _channels(number: int, rng: Random) -> Channels:
    word = rng.choice(_HANDLES)
    return Channels(
        telegram=f"ex_{word}{number:03d}",
        wechat=f"exq_{word}{number:03d}",
        phone=_phone(number),
        mail=f"{word}{number:03d}@exmail.example",
        wallet=made_up_wallet(rng),
        qq=f"{1000000000 + number}" if number < FICTIONAL_QQ else None,
    )


def _phone(number: int) -> str:
    if number < 1000:
        return f"+44 7700 900{number:03d}"
    return us_phone(200 + number // 100 % 90, number % 100)


def us_phone(area: int, line: int) -> str:
    """A number of the block 555-0100 to 555-0199, which is kept for fiction in every US area."""
    return f"+1 {area} 555 01{line:02d}"


def made_up_wallet(rng: Random) -> str:
    """34 letters in the alphabet of a bitcoin address; the last four spell `1EXA`, so the checksum fails."""
    return "1Ex" + "".join(rng.choices(_BASE58, k=27)) + "1EXA"
