"""Fits the weights of `detection.fitted` to labelled rows: logistic regression with a quadratic penalty.

Deterministic: rows in their order, signs by name, one solver without chance. The same rows and rules give the same
weights to the last place on one machine, and to the places that are written on any.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize  # type: ignore[import-untyped]  # its stubs weigh more than its one use here

from nohaven.detection.fitted import Fitted, Sign
from nohaven.pipeline.chain import Chain
from nohaven.pipeline.evaluation import evaluate
from nohaven.pipeline.rates import Rates
from nohaven.records.capture import Capture
from nohaven.records.labelled import LabelledRow
from nohaven.store.packaged import read_resource

PLACES = 4  # of a weight that are written
_STEPS = 400


@dataclass(frozen=True, slots=True)
class Weighing:
    """How rows are weighed; see `resources/fitting.yaml`."""

    penalty: float
    side_rows: float
    heavier: Mapping[str, float]

    def of(self, sides: Sequence[tuple[str, bool]]) -> npt.NDArray[np.float64]:
        """The weight of each row, given its source and whether it is an offer. Shape (rows,), above 0."""
        size = Counter(sides)
        return np.array(
            [min(1.0, self.side_rows / size[side]) * self.heavier.get(side[0], 1.0) for side in sides],
            dtype=np.float64,
        )


def load_weighing() -> Weighing:
    """The packaged numbers."""
    table = cast(dict[str, Any], read_resource("fitting"))
    return Weighing(float(table["penalty"]), float(table["side_rows"]), dict(table["heavier"]))


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model, as `resources/model.json` holds it."""

    bias: float
    weights: dict[str, float]  # by name; those that round to 0 left out
    rows: dict[str, dict[str, int]]  # by source: offers, mentions
    loss: float  # mean log-loss on the rows, each by its weight


def train(rows: Iterable[LabelledRow], chain: Chain) -> Trained:
    """Fit to rows. Raises ValueError where they hold only one side."""
    return fit([(row, signs_of_row(row, chain)) for row in rows])


def fit(rows: Iterable[tuple[LabelledRow, list[Sign]]]) -> Trained:
    """Fit to rows whose signs are known. Raises ValueError where they hold only one side."""
    data: list[list[Sign]] = []
    sides: list[tuple[str, bool]] = []
    counts: dict[str, Counter[str]] = {}
    for row, signs in rows:
        data.append(signs)
        sides.append((row.source, row.is_offer))
        counts.setdefault(row.source, Counter())["offers" if row.is_offer else "mentions"] += 1
    if len({is_offer for _, is_offer in sides}) < 2:
        raise ValueError("rows of one side teach nothing")
    names = sorted({sign.name for signs in data for sign in signs})
    weighing = load_weighing()
    truth = np.array([is_offer for _, is_offer in sides], dtype=np.float64)
    at, loss = _fit(_Matrix.of(data, names), truth, weighing.of(sides), len(names), weighing.penalty)
    weights = {name: w for name, w in zip(names, np.round(at[1:], PLACES).tolist(), strict=True) if w}
    return Trained(round(float(at[0]), PLACES), weights, {s: dict(counts[s]) for s in sorted(counts)}, loss)


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

    The rules stay as they are: what their authors took from a source is not switched off with it.
    """
    seen = [(row, signs_of_row(row, chain)) for row in rows]
    sides = {source: {row.is_offer for row in rows if row.source == source} for source in {row.source for row in rows}}
    rates: dict[str, Rates] = {}
    for source in sorted(s for s, both in sides.items() if len(both) > 1):
        others = fit([(row, signs) for row, signs in seen if row.source != source])
        blind = Fitted(others.bias, others.weights, model.offer_at, model.doubtful_at)
        rates[source] = evaluate([r for r in rows if r.source == source], chain.with_model(blind)).all
    return rates


@dataclass(frozen=True, slots=True)
class _Matrix:
    """Rows of signs as a sparse matrix. Shapes: `columns`, `values` and `row_of` (signs,)."""

    rows: int
    columns: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    row_of: npt.NDArray[np.int64]

    @classmethod
    def of(cls, data: Sequence[Sequence[Sign]], names: Sequence[str]) -> _Matrix:
        column = {name: n for n, name in enumerate(names)}
        sizes = [len(signs) for signs in data]
        return cls(
            len(data),
            np.array([column[sign.name] for signs in data for sign in signs], dtype=np.int64),
            np.array([sign.value for signs in data for sign in signs], dtype=np.float64),
            np.repeat(np.arange(len(data)), sizes),
        )

    def times(self, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The sum of each row."""
        products = weights[self.columns] * self.values
        return np.bincount(self.row_of, weights=products, minlength=self.rows).astype(np.float64)

    def transposed_times(self, rows: npt.NDArray[np.float64], size: int) -> npt.NDArray[np.float64]:
        """For each sign the sum over the rows that show it."""
        return np.bincount(self.columns, weights=rows[self.row_of] * self.values, minlength=size).astype(np.float64)


def _fit(
    matrix: _Matrix,
    truth: npt.NDArray[np.float64],
    row_weights: npt.NDArray[np.float64],
    size: int,
    penalty: float,
) -> tuple[npt.NDArray[np.float64], float]:
    """Bias and weights, and the mean log-loss."""

    def costs(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return (np.logaddexp(0.0, sums) - truth * sums) * row_weights

    def loss(at: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        sums = matrix.times(at[1:]) + at[0]
        error = (1 / (1 + np.exp(-sums)) - truth) * row_weights
        gradient = np.concatenate([[error.sum()], matrix.transposed_times(error, size) + penalty * at[1:]])
        return float(costs(sums).sum() + penalty / 2 * (at[1:] ** 2).sum()), gradient

    found = minimize(loss, np.zeros(size + 1), jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    final = costs(matrix.times(found.x[1:]) + found.x[0])
    return found.x, round(float(final.sum() / row_weights.sum()), PLACES)
