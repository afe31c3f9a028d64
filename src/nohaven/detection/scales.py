"""The numbers by which what fired is added up, read from `resources/scoring.yaml`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import cast

from nohaven.store.packaged import read_resource


@dataclass(frozen=True, slots=True)
class Scales:
    """See the comments in `resources/scoring.yaml` for what each number means."""

    bias: float
    topic_cap: float
    topic_decay: float
    ambiguous: float
    second_cue: float
    neighbours: int
    factor_neighbour: float
    factor_page: float
    mention_neighbour: float
    mention_page: float
    mention_alone: float
    least_topic: float
    clandestine: float
    least_groups: int
    dense_topic: float
    dense_terms: int
    heavy_term: float
    rich_groups: int
    rich_topic: float
    page_clandestine: int
    short_page: int
    short_blocks: int
    near: int
    channel_near: float
    price_near: float
    offer_at: float
    doubtful_at: float
    fitted_offer_at: float
    fitted_doubtful_at: float
    unnamed_offer_at: float
    sure_category_at: float
    calibration: Mapping[str, float]
    role_weights: Mapping[str, float]
    kind_weights: Mapping[str, float]
    public_body: float
    shop_markup: float
    most_findings: int

    def calibrated(self, log_odds: float) -> float:
        """Score of a sum of weights, 0-1."""
        return 1 / (1 + math.exp(-(self.calibration["slope"] * log_odds + self.calibration["intercept"])))


def load_scales() -> Scales:
    """The packaged numbers."""
    table = read_resource("scoring")
    return Scales(**{f.name: cast(float, table[f.name]) for f in fields(Scales)})  # type: ignore[arg-type]
