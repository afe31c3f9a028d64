"""Near-duplicate signature of a text: one-permutation min-hash over shingles of eight characters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SHINGLE = 8  # characters
BINS = 32  # each keeps the smallest hash that falls into it, as 16 bits
MAX_CHARACTERS = 8192  # of the text, from its start
_MIX = np.uint32(0x9E3779B1)  # Knuth's multiplicative constant
_EMPTY = np.uint32(0xFFFF)


def signature(codes: npt.NDArray[np.uint32]) -> bytes:
    """64 bytes for a text given as folded code points; an empty bin is 0xFFFF, a text below one shingle all empty.

    The share of equal bins that are not empty in both estimates the Jaccard similarity of two texts' shingles.
    """
    codes = codes[:MAX_CHARACTERS]
    if len(codes) < SHINGLE:
        return b"\xff" * (2 * BINS)
    mixed = codes
    for width in (1, 2, 4):  # a shingle is two of half its width, so eight characters take three steps
        mixed = mixed[:-width] * np.uint32(31**width % 2**32) + mixed[width:]
    mixed = mixed * _MIX
    mixed ^= mixed >> np.uint32(15)
    mixed *= _MIX
    smallest = np.full(BINS, _EMPTY, dtype=np.uint32)
    np.minimum.at(smallest, mixed >> np.uint32(27), mixed >> np.uint32(11) & _EMPTY)
    return smallest.astype("<u2").tobytes()
