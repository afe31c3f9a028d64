"""The table of how mark-up names the parts of a page, read from `resources/mark_up.yaml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from nohaven.store.packaged import read_resource


@dataclass(frozen=True, slots=True)
class MarkUp:
    """Which elements and class words mean what."""

    role_of_element: Mapping[str, str]
    role_of_class: Mapping[str, str]
    block_elements: frozenset[str]
    skipped_elements: frozenset[str]
    trackers: re.Pattern[str]  # finds the name of a tracking service in an address
    article_types: frozenset[str]
    shop_types: frozenset[str]
    forum_types: frozenset[str]
    forum_generators: tuple[str, ...]


def load_mark_up() -> MarkUp:
    """The packaged table."""
    table = read_resource("mark_up")
    names = {key: cast(list[str], value) for key, value in table.items() if isinstance(value, list)}
    return MarkUp(
        _turned(table["roles_by_element"]),
        _turned(table["roles_by_class"]),
        frozenset(names["block_elements"]),
        frozenset(names["skipped_elements"]),
        re.compile("|".join(map(re.escape, names["trackers"]))),
        frozenset(names["article_types"]),
        frozenset(names["shop_types"]),
        frozenset(names["forum_types"]),
        tuple(names["forum_generators"]),
    )


def _turned(by_role: object) -> Mapping[str, str]:
    """{role: [word]} as {word: role}."""
    return {word: role for role, words in cast(dict[str, list[str]], by_role).items() for word in words}
