"""Rates on labelled rows, against figures reckoned by hand."""

from __future__ import annotations

import pytest

from nohaven.pipeline.rates import Judged, rates_of, upper_bound

OFFER, MENTION = True, False


def rows(*groups: tuple[int, bool, bool, float]) -> list[Judged]:
    """So many rows each: truth, flagged, score."""
    return [Judged(truth, flagged, flagged, score) for count, truth, flagged, score in groups for _ in range(count)]


def test_counts_and_rates() -> None:
    got = rates_of(
        rows((6, OFFER, True, 0.9), (4, OFFER, False, 0.2), (2, MENTION, True, 0.8), (88, MENTION, False, 0.1))
    )
    assert (got.offers, got.mentions, got.accused) == (10, 90, 2)
    assert (got.precision.value, got.recall.value, got.f1.value) == (0.75, 0.6, pytest.approx(2 / 3))
    assert got.category_recall == 0.6
    assert got.false_alarms == pytest.approx(2 / 90)
    assert got.recall.low is not None
    assert got.recall.high is not None
    assert got.recall.low < 0.6 < got.recall.high


def test_the_same_rows_give_the_same_intervals() -> None:
    some = rows((6, OFFER, True, 0.9), (4, OFFER, False, 0.2), (9, MENTION, True, 0.5))
    assert rates_of(some) == rates_of(list(reversed(some)))


BOUNDS = [
    (0, 0, None, "an empty sample says nothing"),
    (0, 1, 0.95, "one row without a failure rules out little"),
    (0, 100, 1 - 0.05**0.01, "about three in a hundred"),
    (1, 1, 1.0, "never above one"),
    (5, 1000, 0.0102, "Wilson's bound, by hand"),
]


@pytest.mark.parametrize(("seen", "of", "bound", "reason"), BOUNDS)
def test_what_a_sample_cannot_rule_out(seen: int, of: int, bound: float | None, reason: str) -> None:
    got = upper_bound(seen, of)
    assert got == (bound if bound is None else pytest.approx(bound, abs=2e-4)), reason


RANKED = [
    ([(1, OFFER, True, 0.9), (1, MENTION, False, 0.1)], 1.0, "the offer first"),
    ([(1, OFFER, True, 0.1), (1, MENTION, False, 0.9)], 0.5, "the offer second of two"),
    ([(1, OFFER, True, 0.5), (1, MENTION, False, 0.5)], 0.5, "equal scores count together, whatever their order"),
    ([(1, MENTION, False, 0.5), (1, OFFER, True, 0.5)], 0.5, "the same the other way round"),
]


@pytest.mark.parametrize(("groups", "expected", "reason"), RANKED)
def test_average_precision(groups: list[tuple[int, bool, bool, float]], expected: float, reason: str) -> None:
    assert rates_of(rows(*groups)).average_precision == expected, reason


def test_calibration_error_is_the_distance_of_score_and_truth() -> None:
    assert rates_of(rows((1, OFFER, True, 0.75), (1, MENTION, True, 0.75))).calibration_error == pytest.approx(0.25)
    assert rates_of(rows((3, MENTION, False, 0.0))).calibration_error is None  # nothing was scored


def test_recall_at_a_fixed_rate_of_false_alarms() -> None:
    """One mention in a hundred may lie above the threshold: the second best mention sets it."""
    some = rows((5, OFFER, True, 0.9), (5, OFFER, True, 0.6), (1, MENTION, False, 0.95), (99, MENTION, False, 0.7))
    assert rates_of(some).recall_at_one_percent == 0.5


def test_nothing_to_reckon_from() -> None:
    got = rates_of([])
    assert (got.offers, got.precision.value, got.false_alarms, got.average_precision) == (0, None, None, None)
