"""Chinese resident identity numbers (GB 11643-1999): region, birth date, order and check character, 18 in all.

A number with a plausible birth date is hidden even when its region or check character is wrong: it may be a typing
error, and hiding too much harms nobody.
"""

from __future__ import annotations

import re
from datetime import date

SHAPE = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")


def is_resident_id(text: str) -> bool:
    """Whether 18 characters are a resident number by shape and date."""
    if SHAPE.fullmatch(text) is None:
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return True
