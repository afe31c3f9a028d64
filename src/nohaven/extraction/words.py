"""The words of a page, white space collapsed: as they were written and folded, in one go over their code points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nohaven.extraction.folding import SPREAD, Folding

_SPACE = np.uint32(32)


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a page. `folded`: code points, with 0 where two text nodes touch without white space."""

    plain: str
    folded: npt.NDArray[np.uint32]


def read_words(text: str, folding: Folding) -> Words:
    """Words of a text in which NUL stands between text nodes.

    White space next to a border swallows it. The rare steps of folding are left to the views, so that this is quick
    enough for every page.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    folded = folding.bordered.take(codes, mode="clip")  # no code point is beyond it
    blank = folded <= _SPACE  # white space, borders and control characters
    kept = np.flatnonzero(~(blank & np.append(blank[1:], True)))  # of a stretch of blanks the last, and none at the end
    if len(kept) and blank[kept[0]]:
        kept = kept[1:]
    after = folded.take(kept - 1, mode="wrap")  # what stands before each; of the first nothing that matters
    codes, folded = codes.take(kept), folded.take(kept)
    blank = folded <= _SPACE
    np.putmask(folded, blank & ((folded != 0) | (after <= _SPACE)), _SPACE)
    np.putmask(codes, blank, _SPACE)
    return Words(_text(codes), folded[folded < SPREAD])


def _text(codes: npt.NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "replace")
