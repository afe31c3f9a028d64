"""The audit sample: pages drawn at random where nothing was found, so that misses can be estimated.

Drawn by hash, so that order and number of workers change nothing: of each stratum the pages whose keyed hash is
smallest. Workers read their captures again from the inputs, as units of work after all others.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nohaven.pipeline.plan import Plan
from nohaven.records.capture import Unit
from nohaven.store.captures import CAPTURES, CaptureWriter, members
from nohaven.store.tables import REVIEW, write_arrow

STRATUM = 100  # pages drawn of those that the gate let through, and as many of those it did not


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A page of the sample."""

    order: str  # the keyed hash by which it was drawn
    page_id: str
    unit: int
    offset: int
    gated: bool


@dataclass(frozen=True, slots=True)
class Sample:
    """The units that read the drawn pages, and the probability with which each page was drawn."""

    units: tuple[Unit, ...]
    probability: Mapping[str, float]  # by page id


def draw_sample(final: Path, plan: Plan) -> Sample:
    """Draw from the pages of finished parts."""
    found = _pages_of(final / "offers") | _pages_of(final / "review")
    drawn, probability = _draw(final / "pages", found, plan.asked.seed)
    by_unit = groupby(sorted(drawn, key=lambda d: (d.unit, d.offset)), key=lambda d: d.unit)
    planned = {unit.number: unit for unit in plan.units}
    units = tuple(_audit_unit(planned[of], len(planned) + nth, pages) for nth, (of, pages) in enumerate(by_unit))
    return Sample(units, {d.page_id: probability[d.gated] for d in drawn})


def _audit_unit(read: Unit, number: int, pages: Iterable[_Drawn]) -> Unit:
    """The unit that reads the pages drawn from another."""
    return replace(read, number=number, start=0, end=0, drawn=tuple((d.offset, d.page_id) for d in pages))


def keep_sample(sample: Sample, units: Path, final: Path) -> int:
    """Write `review/audit.parquet` and the captures of the sample from its units' folders. Returns how many pages."""
    if not sample.units:
        return 0
    folders = [units / f"{unit.number:06d}" for unit in sample.units]
    rows = pa.concat_tables([pq.read_table(folder / "review.parquet") for folder in folders]).sort_by("page_id")
    if not rows.num_rows:
        return 0
    probability = pa.array([sample.probability[i] for i in rows["page_id"].to_pylist()], pa.float64())
    at = REVIEW.get_field_index("inclusion_probability")
    rows = rows.set_column(at, REVIEW.field(at), probability.cast(REVIEW.field(at).type))
    write_arrow(final / "review" / "audit.parquet", rows)
    writer = CaptureWriter(final / "captures" / "audit.warc.gz")
    for folder in folders:
        if (folder / CAPTURES).is_file():
            for _, member in members(folder / CAPTURES):
                writer.write_member(member)
    writer.close()
    return int(rows.num_rows)


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
