"""Near-duplicate signature of a text: one-permutation min-hash over shingles of eight characters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

SHINGLE = 8  # characters
BINS = 32  # each keeps the smallest hash that falls into it, as 16 bits
MAX_CHARACTERS = 8192  # of the text, from its start
_MIX = np.uint32(0x9E3779B1)  # Knuth's multiplicative constant
_EDGES = np.arange(BINS, dtype=np.uint64) << np.uint64(27)


def signature(codes: npt.NDArray[np.uint32]) -> bytes:
    """64 bytes for a text given as folded code points; an empty bin is 0xFFFF, a text below one shingle all empty.

    The share of equal bins that are not empty in both estimates the Jaccard similarity of two texts' shingles.
    """
    codes = codes[:MAX_CHARACTERS]
    if len(codes) < SHINGLE:
        return b"\xff" * (2 * BINS)
    size = len(codes) - SHINGLE + 1
    mixed = np.zeros(size, dtype=np.uint32)
    for k in range(SHINGLE):
        mixed *= np.uint32(31)
        mixed += codes[k : k + size]
    mixed *= _MIX
    mixed ^= mixed >> np.uint32(15)
    mixed *= _MIX
    mixed.sort()
    at = np.searchsorted(mixed, _EDGES.astype(np.uint32))
    ends = np.append(at[1:], size)
    smallest = (mixed[np.minimum(at, size - 1)] >> np.uint32(11)).astype(np.uint16)
    smallest[at == ends] = 0xFFFF
    return smallest.astype("<u2").tobytes()
