"""The stages in the order in which a page passes them. Commands, docs and `sweep --until` read this one list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the chain."""

    name: str
    does: str


STAGES: tuple[Stage, ...] = (
    Stage("intake", "takes crawled pages in, once each"),
    Stage("extraction", "reads what a page says"),
    Stage("detection", "finds offers of illicit goods and services"),
)
# `sweep --until` may stop after these; intake alone would leave nothing to look at.
STOPS = tuple(s.name for s in STAGES[1:])
