"""The audit sample: pages drawn at random where nothing was found, so that misses can be estimated.

Drawn by hash, so that order and number of workers change nothing: of each stratum the pages whose keyed hash is
smallest. Their captures are read again from the inputs.
"""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nohaven.intake.doors import door_named
from nohaven.pipeline.chain import Chain, Outcome
from nohaven.pipeline.plan import Plan
from nohaven.pipeline.rows import audit_row
from nohaven.pipeline.timelimit import PageTimeout, time_limit
from nohaven.records.capture import Capture, Unit
from nohaven.store.captures import CaptureWriter
from nohaven.store.tables import REVIEW, write_table

STRATUM = 100  # pages drawn of those that the gate let through, and as many of those it did not

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page of the sample and the probability with which its stratum was drawn from."""

    order: str  # the keyed hash by which it was drawn
    page_id: str
    unit: int
    offset: int
    gated: bool


def draw_audit(final: Path, plan: Plan, chain: Chain) -> int:
    """Write `review/audit.parquet` and the captures of the sample. Returns how many pages were drawn."""
    found = _pages_of(final / "offers") | _pages_of(final / "review")
    sample, probability = _draw(final / "pages", found, plan.asked.seed)
    rows = []
    writer = CaptureWriter(final / "captures" / "audit.warc.gz")
    for drawn, capture in _read_again(sample, plan):
        outcome = _outcome(capture, plan, chain)
        if outcome is None or outcome.page.page_id != drawn.page_id or outcome.verdict.reserved:
            continue
        row = audit_row(outcome, probability[drawn.gated])
        if row is not None:
            rows.append(row)
            writer.write(capture, outcome.page.charset)
    writer.close()
    if rows:
        write_table(final / "review" / "audit.parquet", sorted(rows, key=lambda r: str(r["page_id"])), REVIEW)
    return len(rows)


def _outcome(capture: Capture, plan: Plan, chain: Chain) -> Outcome | None:
    """A page of the sample read whole; None where that takes too long. Only its words were read so far."""
    try:
        with time_limit(plan.asked.page_seconds):
            return chain.outcome(capture, whole=True)
    except PageTimeout:
        _log.warning("The page at %d of %s took too long to be drawn for audit.", capture.offset, capture.input)
        return None


def _pages_of(folder: Path) -> frozenset[str]:
    """Ids of the pages that have a row in a folder's parts."""
    return frozenset(
        i for p in folder.glob("*.parquet") for i in pq.read_table(p, columns=["page_id"])["page_id"].to_pylist()
    )


def _draw(folder: Path, found: frozenset[str], seed: int) -> tuple[list[_Drawn], Mapping[bool, float]]:
    """The sample and the inclusion probability of each stratum. Reads one part at a time."""
    best: dict[bool, list[_Drawn]] = defaultdict(list)
    size: dict[bool, int] = defaultdict(int)
    for part in sorted(folder.glob("*.parquet")):
        table = pq.read_table(part, columns=["page_id", "gated", "offset"])
        for gated, pages in _strata(table, found, int(part.stem.rsplit("-", 1)[1]), seed).items():
            size[gated] += len(pages)
            best[gated] = nsmallest(STRATUM, [*best[gated], *pages], key=lambda d: d.order)
    probability = {gated: min(1.0, STRATUM / count) for gated, count in size.items()}
    return [d for drawn in best.values() for d in drawn], probability


def _strata(table: pa.Table, found: frozenset[str], unit: int, seed: int) -> Mapping[bool, list[_Drawn]]:
    """The pages of a part without a finding, by whether the gate let them through."""
    pages: dict[bool, list[_Drawn]] = defaultdict(list)
    columns = (table[name].to_pylist() for name in ("page_id", "gated", "offset"))
    for page_id, gated, offset in zip(*columns, strict=True):
        if page_id not in found:
            order = hashlib.blake2b(f"{seed}\n{page_id}".encode(), digest_size=16).hexdigest()
            pages[gated].append(_Drawn(order, page_id, unit, offset, gated))
    return pages


def _read_again(sample: list[_Drawn], plan: Plan) -> Iterator[tuple[_Drawn, Capture]]:
    """The captures of the sample, from the inputs."""
    units = {u.number: u for u in plan.units}
    for drawn in sorted(sample, key=lambda d: (d.unit, d.offset)):
        capture = _capture_at(units[drawn.unit], drawn.offset, plan)
        if capture is not None:
            yield drawn, capture


def _capture_at(unit: Unit, offset: int, plan: Plan) -> Capture | None:
    """The capture that begins at an offset of a unit's input."""
    piece = Unit(unit.number, unit.input, unit.path, unit.door, offset, offset + 1)
    for thing in door_named(unit.door).read(piece, plan.asked.bounds, lambda _: None, {}):
        if isinstance(thing, Capture):
            return thing
    return None
