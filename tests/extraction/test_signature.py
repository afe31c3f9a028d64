"""Near copies have near signatures, other texts far ones."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from nohaven.extraction.folding import Folding
from nohaven.extraction.signature import BINS, MAX_CHARACTERS, SHINGLE, signature
from nohaven.extraction.words import read_words

HAN = "面包牛奶鸡蛋黄油面粉糖盐新鲜早晨村庄师傅烤箱街道订购送货价格营业"


def text_of(seed: int, han: bool = False) -> str:
    rng = Random(seed)
    return (
        "".join(rng.choices(HAN, k=900))
        if han
        else " ".join("".join(rng.choices("abcdefghilmnoprstu", k=6)) for _ in range(400))
    )


def equal_bins(a: bytes, b: bytes) -> int:
    one, two = np.frombuffer(a, dtype="<u2"), np.frombuffer(b, dtype="<u2")
    return int(((one == two) & (one != 0xFFFF)).sum())


@pytest.mark.parametrize("han", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_near_copies_are_near_and_others_far(seed: int, han: bool, folding: Folding) -> None:
    text = text_of(seed, han)
    sign = signature(read_words(text, folding).folded)
    near = text[:100] + "new phone number" + text[116:]
    assert equal_bins(sign, signature(read_words(text.upper(), folding).folded)) == BINS  # case says nothing
    assert equal_bins(sign, signature(read_words(near, folding).folded)) >= BINS * 3 // 4
    assert equal_bins(sign, signature(read_words(text_of(seed + 100, han), folding).folded)) <= BINS // 2


def test_what_is_beyond_the_looked_at_part_changes_nothing(folding: Folding) -> None:
    text = text_of(1) * 10
    assert len(text) > MAX_CHARACTERS
    assert signature(read_words(text, folding).folded) == signature(read_words(text + "more", folding).folded)


@pytest.mark.parametrize("size", [0, 1, SHINGLE - 1, SHINGLE, SHINGLE + 1, 100])
def test_size(size: int) -> None:
    codes = np.arange(size, dtype=np.uint32)
    sign = signature(codes)
    assert len(sign) == 2 * BINS
    assert (sign == b"\xff" * (2 * BINS)) is (size < SHINGLE)


def test_the_value_is_pinned(folding: Folding) -> None:
    """Sweeps of several machines and versions are compared, so the value must not drift."""
    sign = signature(read_words("Fresh bread every morning, delivered to your door.", folding).folded)
    assert np.frombuffer(sign, dtype="<u2")[:4].tolist() == [0xFFFF, 34780, 0xFFFF, 0xFFFF]
