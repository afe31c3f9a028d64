"""What the signs of the model and the checks of structure mean, in words for a reader who knows no rules."""

from __future__ import annotations

import re

_ALONE = {
    "model.bias": "where any text starts from",
    "model.topic_and_cue": "goods and a cue of selling together",
    "model.phrases": "all other words of the text together",
    "structure.bias": "where any block starts from",
    "structure.role": "the part of the page it stands in",
    "structure.page_kind": "the kind of page",
    "structure.public_body": "a public body's address",
    "structure.shop_markup": "marked up as a product for sale",
    "structure.channel_near": "a channel beside the goods",
    "structure.price_near": "a price beside the goods",
}
_SORTS = {
    "any_topic": "words for goods",
    "sure_topic": "unambiguous words for goods",
    "ambiguous_topic": "ambiguous words for goods",
    "offer_cue": "cues of selling",
    "mention_cue": "cues of a mention",
    "context_negative": "words of an innocent sense",
    "disguised": "disguised words",
    "offer_cue_groups": "kinds of cues of selling",
    "mention_cue_groups": "kinds of cues of a mention",
}
_COUNTED = re.compile(r"model\.(\w+):(\d)")
_OF_GROUP = re.compile(r"model\.(offer|mention)_cue:([a-z_]+):(\d)")


def meaning(name: str) -> str:
    """In a few words; empty for a rule, whose words on the page say it."""
    if name in _ALONE:
        return _ALONE[name]
    if counted := _COUNTED.fullmatch(name):
        sort, number = counted.groups()
        return "how long the text is" if sort == "length" else _at_least(number, _SORTS.get(sort, sort))
    if of_group := _OF_GROUP.fullmatch(name):
        kind, group, number = of_group.groups()
        return _at_least(number, f"cues of {group}" + (" (a mention)" if kind == "mention" else ""))
    return "where offers of the category start from" if name.startswith("model.category:") else ""


def _at_least(number: str, what: str) -> str:
    return what if number == "1" else f"{number} or more {what}"
