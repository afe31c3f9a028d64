"""Which characters are a resident identity number."""

from __future__ import annotations

import pytest

from nohaven.values.resident_id import is_resident_id

CASES = [
    ("11010519491231002X", True),  # the sample printed with the standard
    ("11010519491231002x", True),
    ("440524188001010014", True),
    ("999999199002280017", True),  # a region that does not exist: still hidden
    ("110105194912310021", True),  # wrong check character: perhaps a typing error
    ("110105199002300011", False),  # 30 February
    ("110105199013010011", False),  # month 13
    ("110105170001010011", False),  # nobody is that old
    ("010105199001010011", False),  # no region begins with 0
    ("11010519900101001", False),  # seventeen
    ("X10105199001010011", False),  # X only at the end
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_is_resident_id(text: str, expected: bool) -> None:
    assert is_resident_id(text) is expected
