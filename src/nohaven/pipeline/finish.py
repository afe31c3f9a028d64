"""The last step of a sweep: repeats across units taken out, the audit sample drawn, tables made whole, published.

Everything is built under `.work/final`; then the run record is written to `.work/publish`, which marks that all is
built; then all is moved into place, the run record last. After a stop, `--resume` builds again where the mark is
missing and goes on moving where it stands.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nohaven.pipeline.audit import Sample, draw_sample, keep_sample
from nohaven.pipeline.plan import Plan
from nohaven.pipeline.sites import site_table
from nohaven.pipeline.unit import ESCALATIONS_FILE
from nohaven.records.capture import Unit
from nohaven.store.captures import CAPTURES, CaptureWriter, members
from nohaven.store.sweep_folder import SweepFolder
from nohaven.store.tables import LEFT_OUT, PARTS, WHOLE, write_arrow, write_table

FINAL = "final"
PUBLISH = "publish"  # the run record; marks that all is built and being moved into place
_BY_PAGE = ("pages", "offers", "review", "sightings")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A page that an earlier unit has already: to be taken out of this one."""

    unit: int
    page_id: str


class LastStep:
    """Builds the finished tables under `.work/final`, in two halves: between them workers read the audit sample."""

    def __init__(self, folder: SweepFolder, plan: Plan) -> None:
        self._folder = folder
        self._plan = plan
        self._changes: Counter[str] = Counter()
        self._sample = Sample((), {})
        self.seconds = 0.0

    def draw(self) -> tuple[Unit, ...]:
        """The first half: the parts of all units, without repeats. Returns the units that read the audit sample."""
        begun = perf_counter()
        self._changes = _build_parts(self._folder, self._plan)
        if self._plan.asked.until == "detection":
            self._sample = draw_sample(self._folder.work / FINAL, self._plan)
        self.seconds += perf_counter() - begun
        return self._sample.units

    def build(self) -> Counter[str]:
        """The second half. Returns the changes to the counts."""
        begun = perf_counter()
        final = self._folder.work / FINAL
        self._changes["audit"] = keep_sample(self._sample, self._folder.work / "units", final)
        for name, schema in PARTS.items():
            if not any((final / name).iterdir()):
                write_table(final / name / "part-000000.parquet", [], schema)
        _write_whole(self._folder, self._plan, final)
        self.seconds += perf_counter() - begun
        return self._changes


def _build_parts(folder: SweepFolder, plan: Plan) -> Counter[str]:
    """Build the folders of parts. Returns the changes to the counts."""
    final = folder.work / FINAL
    shutil.rmtree(final, ignore_errors=True)
    for name in (*PARTS, "captures"):
        (final / name).mkdir(parents=True, mode=0o700)
    repeats = _repeats(folder)
    changes: Counter[str] = Counter()
    for unit in plan.units:
        changes += _take_unit(
            folder.work / "units" / f"{unit.number:06d}", final, unit, repeats.get(unit.number, frozenset())
        )
    return changes


def publish(folder: SweepFolder) -> None:
    """Move what was built into place. May be repeated after a stop: what was moved is no longer here."""
    final = folder.work / FINAL
    for entry in sorted(final.iterdir()):
        target = folder.path / entry.name
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(entry, target)


def _repeats(folder: SweepFolder) -> Mapping[int, frozenset[str]]:
    """By unit: pages that an earlier unit has. Out of core, since a sweep may hold millions of pages."""
    found: dict[int, set[str]] = defaultdict(set)
    pattern = str(folder.work / "units" / "*" / "pages.parquet")
    with duckdb.connect(
        config={"memory_limit": "400MB", "threads": 2, "temp_directory": str(folder.work / "duckdb")}
    ) as db:
        rows = db.execute(
            """
            WITH pages AS (SELECT page_id, regexp_extract(filename, '(\\d{6})[/\\\\]pages', 1)::INTEGER AS unit
                           FROM read_parquet($pattern, filename = true)),
                 twice AS (SELECT page_id, min(unit) AS first FROM pages GROUP BY page_id HAVING count(*) > 1)
            SELECT unit, page_id FROM pages JOIN twice USING (page_id) WHERE unit > first
            """,
            {"pattern": pattern},
        ).fetchall()
    for unit, page_id in rows:
        found[unit].add(page_id)
    return {unit: frozenset(ids) for unit, ids in found.items()}


def _take_unit(source: Path, final: Path, unit: Unit, repeats: frozenset[str]) -> Counter[str]:
    """Put a unit's parts into the finished folders, without the repeats."""
    part = f"part-{unit.number:06d}.parquet"
    changes: Counter[str] = Counter()
    dropped = _dropped_rows(source, repeats)
    for name in PARTS:
        table = pq.read_table(source / f"{name}.parquet") if repeats else None
        if table is None:
            if pq.read_metadata(source / f"{name}.parquet").num_rows:
                _link(source / f"{name}.parquet", final / name / part)
            continue
        if name in _BY_PAGE:
            kept = table.filter(pc.invert(pc.is_in(table["page_id"], pa.array(sorted(repeats)))))
            changes[name] -= table.num_rows - kept.num_rows
        else:
            kept = pa.concat_tables([table, dropped])
            changes["left_out.repeat"] += dropped.num_rows
        if kept.num_rows:
            write_arrow(final / name / part, kept)
    _take_captures(source / CAPTURES, final / "captures" / f"part-{unit.number:06d}.warc.gz", source, repeats)
    return changes


def _dropped_rows(source: Path, repeats: frozenset[str]) -> pa.Table:
    """Rows of `left_out` for the repeats of a unit."""
    if not repeats:
        return LEFT_OUT.empty_table()
    pages = pq.read_table(source / "pages.parquet", columns=["page_id", "input", "offset", "url"])
    rows = [r for r in pages.to_pylist() if r["page_id"] in repeats]
    detail = "the same content under the same URL"
    left = [
        {"input": r["input"], "offset": r["offset"], "url": r["url"], "reason": "repeat", "detail": detail}
        for r in rows
    ]
    return pa.Table.from_pylist(left, schema=LEFT_OUT)


def _take_captures(captures: Path, target: Path, source: Path, repeats: frozenset[str]) -> None:
    """The unit's copies of captures, without those of repeats (the earlier unit has the same bytes)."""
    if not captures.is_file():
        return
    if not repeats:
        _link(captures, target)
        return
    pages = pq.read_table(source / "pages.parquet", columns=["page_id", "url"]).to_pylist()
    urls = {r["url"] for r in pages if r["page_id"] in repeats}
    kept = {r["url"] for r in pages if r["page_id"] not in repeats}
    writer = CaptureWriter(target)
    for record, member in members(captures):
        if record.headers.get("WARC-Target-URI") not in urls - kept:
            writer.write_member(member)
    writer.close()


def _link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _write_whole(folder: SweepFolder, plan: Plan, final: Path) -> None:
    """The tables that are one file each: sites and escalations filled, those of later stages empty."""
    units = [folder.work / "units" / f"{u.number:06d}" / ESCALATIONS_FILE for u in plan.units]
    escalations = pa.concat_tables([WHOLE["escalations"].empty_table(), *(pq.read_table(u) for u in units)])
    filled = {"sites": site_table(final), "escalations": escalations}
    for name, schema in WHOLE.items():
        write_arrow(final / f"{name}.parquet", filled.get(name, schema.empty_table()))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file; of a folder, over its files' names and hashes in order."""
    if path.is_dir():
        digest = hashlib.sha256()
        for file in sorted(p for p in path.rglob("*") if p.is_file()):
            digest.update(f"{file.relative_to(path).as_posix()}\0{sha256_of(file)}\n".encode("utf-8", "replace"))
        return digest.hexdigest()
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def total_counts(reports: Sequence[Mapping[str, int]], changes: Mapping[str, int]) -> dict[str, int]:
    """The counts of a sweep: units' counts with the changes of the last step."""
    total: Counter[str] = Counter()
    for report in reports:
        total.update(report)
    total.update(changes)
    return {name: count for name, count in sorted(total.items()) if count}
