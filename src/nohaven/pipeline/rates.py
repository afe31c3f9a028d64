"""Rates of a detector on labelled rows, each with what chance alone allows.

Intervals are bootstrap intervals of 95 %: counts drawn again from those that were seen, 2,000 times, by a fixed seed.
Beside every rate of false alarms stands the rate that the sample cannot rule out, at 95 % one-sided: for none seen the
exact 1 - 0.05**(1/n), else Wilson's upper bound (Wilson 1927).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

_DRAWS = 2000
_SEED = 20261124
_Z = 1.6449  # the standard normal's 95 % point


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what the detector said of it."""

    is_offer: bool
    flagged: bool
    right_category: bool  # flagged, and with a category that is right or that nobody named
    score: float  # of the best block, 0 to 1; 0 where no block was weighed


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and its interval; None where there was nothing to reckon it from."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Rates:
    """How well the detector did on a group of rows."""

    offers: int
    mentions: int
    accused: int  # mentions that it flagged: the worst failure
    precision: Rate
    recall: Rate
    f1: Rate
    category_recall: float | None  # of offers, those flagged with the right category
    false_alarms: float | None
    false_alarms_at_most: float | None
    average_precision: float | None
    calibration_error: float | None  # mean distance of score and truth in ten bins of scores, weighted by rows
    recall_at_one_percent: float | None  # recall at the threshold that flags at most one mention in a hundred


def rates_of(rows: Sequence[Judged]) -> Rates:
    """All rates of a group."""
    offer = np.array([r.is_offer for r in rows], dtype=bool)
    flagged = np.array([r.flagged for r in rows], dtype=bool)
    score = np.array([r.score for r in rows], dtype=np.float64)
    offers, mentions = int(offer.sum()), int((~offer).sum())
    accused = int((flagged & ~offer).sum())
    found = int((flagged & offer).sum())
    precision, recall, f1 = _intervals(found, accused, offers - found, mentions - accused)
    return Rates(
        offers=offers,
        mentions=mentions,
        accused=accused,
        precision=precision,
        recall=recall,
        f1=f1,
        category_recall=_share(sum(r.right_category for r in rows if r.is_offer), offers),
        false_alarms=_share(accused, mentions),
        false_alarms_at_most=upper_bound(accused, mentions),
        average_precision=_average_precision(offer, score) if offers and mentions else None,
        calibration_error=_calibration_error(offer, score),
        recall_at_one_percent=_recall_at(offer, score, 0.01) if offers and mentions else None,
    )


def upper_bound(seen: int, of: int) -> float | None:
    """The rate that `seen` of `of` cannot rule out, at 95 % one-sided; None for an empty sample."""
    if of == 0:
        return None
    if seen == 0:
        return float(1 - 0.05 ** (1 / of))
    share, z2 = seen / of, _Z * _Z
    middle = share + z2 / (2 * of)
    return float(min(1.0, (middle + _Z * sqrt(share * (1 - share) / of + z2 / (4 * of * of))) / (1 + z2 / of)))


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


def _intervals(found: int, accused: int, missed: int, spared: int) -> tuple[Rate, Rate, Rate]:
    """Precision, recall and F1 with their bootstrap intervals."""
    seen = np.array([found, accused, missed, spared])
    size = int(seen.sum())
    if size == 0:
        return (Rate(None, None, None),) * 3
    drawn = np.random.default_rng(_SEED).multinomial(size, seen / size, size=_DRAWS)
    points, draws = _three(seen[None, :]), _three(drawn)
    return tuple(_rate(float(p[0]), d) for p, d in zip(points, draws, strict=True))  # type: ignore[return-value]


def _three(counts: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], ...]:
    """Precision, recall and F1 of rows of counts (found, accused, missed, spared); NaN where there is none."""
    found, accused, missed = (counts[:, i].astype(np.float64) for i in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        return found / (found + accused), found / (found + missed), 2 * found / (2 * found + accused + missed)


def _rate(point: float, draws: npt.NDArray[np.float64]) -> Rate:
    if np.isnan(point):
        return Rate(None, None, None)
    known = draws[~np.isnan(draws)]
    return Rate(point, float(np.quantile(known, 0.025)), float(np.quantile(known, 0.975)))


def _average_precision(offer: npt.NDArray[np.bool_], score: npt.NDArray[np.float64]) -> float:
    """Mean precision over the offers, from the highest score down; rows of one score count together."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(offer[order])
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(order) - 1)  # of each stretch of equal scores
    precision, gained = hits[ends] / (ends + 1), np.diff(hits[ends], prepend=0)
    return float((precision * gained).sum() / offer.sum())


def _calibration_error(offer: npt.NDArray[np.bool_], score: npt.NDArray[np.float64]) -> float | None:
    """Over the rows that were scored."""
    scored = score > 0
    if not scored.any():
        return None
    truth, said = offer[scored], score[scored]
    bins = np.minimum((said * 10).astype(int), 9)
    gaps = [abs(said[bins == b].mean() - truth[bins == b].mean()) * (bins == b).sum() for b in np.unique(bins)]
    return float(sum(gaps) / scored.sum())


def _recall_at(offer: npt.NDArray[np.bool_], score: npt.NDArray[np.float64], allowed: float) -> float:
    """Recall where only that share of mentions lies at or above the threshold."""
    benign = np.sort(score[~offer])[::-1]
    threshold = benign[min(int(allowed * len(benign)), len(benign) - 1)]
    return float((score[offer] > threshold).mean())
