"""Fits the weights of `detection.fitted` to labelled rows: logistic regression with a quadratic penalty.

Deterministic: rows in their order, signs by name, one solver without chance. The same rows and rules give the same
weights to the last place on one machine, and to the places that are written on any.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # its stubs weigh more than its two uses here
from scipy.sparse import csr_array  # type: ignore[import-untyped]

from nohaven.detection.fitted import BIAS, PHRASE, Fitted, Sign
from nohaven.pipeline.chain import Chain
from nohaven.pipeline.evaluation import evaluate
from nohaven.pipeline.rates import Rates
from nohaven.records.capture import Capture
from nohaven.records.labelled import LabelledRow
from nohaven.store.packaged import read_resource

PLACES = 4  # of a weight that are written
_STEPS = 400
_NAMING_PLACES = 2  # of a weight that tells categories apart
_NAMING_LEAST = 0.1  # smaller ones are left out: they are nine of ten, and change no name
_NAMING_STEPS = 60


@dataclass(frozen=True, slots=True)
class Weighing:
    """How rows are weighed and which phrases are learned; see `resources/fitting.yaml`."""

    penalty: float
    side_rows: float
    own_side_rows: float
    heavier: Mapping[str, float]
    own_sources: frozenset[str]
    least_rows: int
    least_anywhere: int
    naming_penalty: float
    drawn_on: Mapping[str, frozenset[str]]  # source of rows -> the sources that rules name that were taken from it

    def of(self, sides: Sequence[tuple[str, bool]]) -> npt.NDArray[np.float64]:
        """The weight of each row, given its source and whether it is an offer. Shape (rows,), above 0."""
        size = Counter(sides)
        return np.array(
            [min(1.0, self._most(side[0]) / size[side]) * self.heavier.get(side[0], 1.0) for side in sides],
            dtype=np.float64,
        )

    def _most(self, source: str) -> float:
        """The rows of one side of a source that count in full."""
        return self.own_side_rows if source in self.own_sources else self.side_rows


def load_weighing() -> Weighing:
    """The packaged numbers."""
    table = cast(dict[str, Any], read_resource("fitting"))
    return Weighing(
        float(table["penalty"]),
        float(table["side_rows"]),
        float(table["own_side_rows"]),
        dict(table["heavier"]),
        frozenset(table["own_sources"]),
        int(table["least_rows"]),
        int(table["least_anywhere"]),
        float(table["naming_penalty"]),
        {source: frozenset(names) for source, names in table["drawn_on"].items()},
    )


class Seen:
    """Labelled rows with what each shows, names once: some hundred signs a row would fill the memory."""

    def __init__(self) -> None:
        self.sides: list[tuple[str, bool]] = []  # source, whether it is an offer
        self.categories: list[tuple[str, ...]] = []
        self._number: dict[str, int] = {}
        self._columns: list[npt.NDArray[np.int32]] = []
        self._values: list[npt.NDArray[np.float32]] = []

    def add(self, row: LabelledRow, signs: Iterable[Sign]) -> None:
        """One more row."""
        found = list(signs)
        numbers = [self._number.setdefault(sign.name, len(self._number)) for sign in found]
        self.sides.append((row.source, row.is_offer))
        self.categories.append(tuple(sorted(row.categories)))
        self._columns.append(np.array(numbers, dtype=np.int32))
        self._values.append(np.array([sign.value for sign in found], dtype=np.float32))

    def matrix(self, rows: Sequence[int], weighing: Weighing) -> tuple[csr_array, list[str]]:
        """Some of the rows as a matrix, and the names of its columns in order: all signs but the phrases that too few
        rows have. Shape (rows, names)."""
        sizes = [len(self._columns[row]) for row in rows]
        columns = np.concatenate([self._columns[row] for row in rows])
        values = np.concatenate([self._values[row] for row in rows]).astype(np.float64)
        own = np.repeat([self.sides[row][0] in weighing.own_sources for row in rows], sizes)
        count = len(self._number)
        in_own = np.bincount(columns[own], minlength=count)
        elsewhere = np.bincount(columns[~own], minlength=count)
        learned = {
            number
            for name, number in self._number.items()
            if in_own[number] + elsewhere[number]
            and (
                not name.startswith(PHRASE)
                or (in_own[number] >= weighing.least_rows and elsewhere[number])
                or in_own[number] + elsewhere[number] >= weighing.least_anywhere
            )
        }
        names = sorted(name for name, number in self._number.items() if number in learned)
        place = np.full(count, -1, dtype=np.int64)
        place[[self._number[name] for name in names]] = np.arange(len(names))
        kept = place[columns] >= 0
        row_of = np.repeat(np.arange(len(rows)), sizes)
        matrix = csr_array((values[kept], (row_of[kept], place[columns[kept]])), shape=(len(rows), len(names)))
        return matrix, names


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model, as `resources/model.json` holds it."""

    bias: float
    weights: dict[str, float]  # by name; those that round to 0 left out
    categories: dict[str, dict[str, float]]  # the same of each category against the others, given an offer
    rows: dict[str, dict[str, int]]  # by source: offers, mentions
    loss: float  # mean log-loss on the rows, each by its weight


def train(rows: Iterable[LabelledRow], chain: Chain) -> Trained:
    """Fit to rows. Raises ValueError where they hold only one side."""
    seen = seen_in(rows, chain)
    return fit(seen, range(len(seen.sides)))


def seen_in(rows: Iterable[LabelledRow], chain: Chain) -> Seen:
    """What rows show."""
    seen = Seen()
    for row in rows:
        seen.add(row, signs_of_row(row, chain))
    return seen


def fit(seen: Seen, rows: Sequence[int]) -> Trained:
    """Fit to some of the rows that were seen. Raises ValueError where they hold only one side."""
    sides = [seen.sides[row] for row in rows]
    if len({is_offer for _, is_offer in sides}) < 2:
        raise ValueError("rows of one side teach nothing")
    counts: dict[str, Counter[str]] = {}
    for source, is_offer in sides:
        counts.setdefault(source, Counter())["offers" if is_offer else "mentions"] += 1
    weighing = load_weighing()
    matrix, names = seen.matrix(rows, weighing)
    truth = np.array([is_offer for _, is_offer in sides], dtype=np.float64)
    at, loss = _fit(matrix, truth, weighing.of(sides), weighing.penalty)
    weights = {name: w for name, w in zip(names, np.round(at[1:], PLACES).tolist(), strict=True) if w}
    categories = _fit_categories(seen, rows, matrix, names, weighing)
    return Trained(round(float(at[0]), PLACES), weights, categories, {s: dict(counts[s]) for s in sorted(counts)}, loss)


def _fit_categories(
    seen: Seen, rows: Sequence[int], matrix: csr_array, names: Sequence[str], weighing: Weighing
) -> dict[str, dict[str, float]]:
    """By category the weights that tell its offers from those of the others; a row of several counts in part for each.

    Of a source with many offers each counts for less, and so of a category.
    """
    labelled = [
        (nth, category) for nth, row in enumerate(rows) if seen.sides[row][1] for category in seen.categories[row]
    ]
    known = sorted({category for _, category in labelled})
    if len(known) < 2:
        return {}
    share = np.array([1 / len(seen.categories[rows[nth]]) for nth, _ in labelled])
    of_category = np.array([known.index(category) for _, category in labelled])
    share *= weighing.of([(seen.sides[rows[nth]][0], True) for nth, _ in labelled])
    total = np.bincount(of_category, weights=share)
    share *= np.minimum(1.0, np.median(total) / total)[of_category]
    chosen = matrix[[nth for nth, _ in labelled]]
    often = np.flatnonzero(np.bincount(chosen.indices, minlength=len(names)) >= weighing.least_rows)
    weights, biases = _fit_softmax(chosen[:, often], of_category, share, weighing.naming_penalty, len(known))
    return {
        category: {BIAS: round(float(biases[n]), _NAMING_PLACES)}
        | {
            names[column]: value
            for column, value in zip(often.tolist(), np.round(weights[:, n], _NAMING_PLACES).tolist(), strict=True)
            if abs(value) >= _NAMING_LEAST
        }
        for n, category in enumerate(known)
    }


def _fit_softmax(
    matrix: csr_array, truth: npt.NDArray[np.int64], row_weights: npt.NDArray[np.float64], penalty: float, count: int
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Weights, shape (columns, count), and biases of a softmax over `count` classes."""
    turned = matrix.T.tocsr()
    columns = matrix.shape[1]
    wanted = np.zeros((len(truth), count))
    wanted[np.arange(len(truth)), truth] = 1.0

    def loss(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        table = at.reshape(columns + 1, count)
        sums = matrix @ table[:-1] + table[-1]
        sums -= sums.max(axis=1, keepdims=True)
        odds = np.exp(sums)
        chances = odds / odds.sum(axis=1, keepdims=True)
        cost = -(row_weights * np.log(np.maximum(chances[np.arange(len(truth)), truth], 1e-12))).sum()
        error = (chances - wanted) * row_weights[:, None]
        gradient = np.vstack([turned @ error + penalty * table[:-1], error.sum(axis=0)])
        return float(cost + penalty / 2 * (table[:-1] ** 2).sum()), gradient.ravel()

    start = np.zeros((columns + 1) * count)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _NAMING_STEPS})
    table = found.x.reshape(columns + 1, count)
    return table[:-1], table[-1]


def signs_of_row(row: LabelledRow, chain: Chain) -> list[Sign]:
    """The signs of a row's text, taken for a page of plain text: of the whole where it is short, else of the block that
    shows most."""
    payload = row.text.encode("utf-8", "replace")
    digest = hashlib.sha256(payload).hexdigest()
    capture = Capture("urn:nohaven:row", payload, digest, "text/plain", row.source, 0, len(payload))
    assert chain.detector is not None, "training needs the rules"
    return chain.detector.signs(*chain.read(capture))


def leave_one_out(rows: Sequence[LabelledRow], chain: Chain, model: Fitted) -> dict[str, Rates]:
    """Rates on each source that has offers and mentions, by a model that never saw it; thresholds those of `model`.

    Rules that were taken from a source, and from no other, are switched off with it.
    """
    seen = seen_in(rows, chain)
    drawn_on = load_weighing().drawn_on
    sides = {source: {row.is_offer for row in rows if row.source == source} for source in {row.source for row in rows}}
    rates: dict[str, Rates] = {}
    for source in sorted(s for s, both in sides.items() if len(both) > 1):
        rest = chain.without_rules_of(drawn_on[source]) if source in drawn_on else chain
        known = seen if rest is chain else seen_in(rows, rest)
        others = fit(known, [number for number, row in enumerate(rows) if row.source != source])
        naming = replace(model.naming, weights=others.categories) if model.naming is not None else None
        blind = Fitted(others.bias, others.weights, model.offer_at, model.doubtful_at, naming)
        rates[source] = evaluate([r for r in rows if r.source == source], rest.with_model(blind)).all
    return rates


def _fit(
    matrix: csr_array, truth: npt.NDArray[np.float64], row_weights: npt.NDArray[np.float64], penalty: float
) -> tuple[npt.NDArray[np.float64], float]:
    """Bias and weights, and the mean log-loss."""
    turned = matrix.T.tocsr()

    def costs(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return (np.logaddexp(0.0, sums) - truth * sums) * row_weights

    def loss(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        sums = matrix @ at[1:] + at[0]
        error = (1 / (1 + np.exp(-sums)) - truth) * row_weights
        gradient = np.concatenate([[error.sum()], turned @ error + penalty * at[1:]])
        return float(costs(sums).sum() + penalty / 2 * (at[1:] ** 2).sum()), gradient

    found = minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    final = costs(matrix @ found.x[1:] + found.x[0])
    return found.x, round(float(final.sum() / row_weights.sum()), PLACES)
