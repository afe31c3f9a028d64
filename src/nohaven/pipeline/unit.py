"""What a worker does with one unit of a sweep: reads its captures, writes its part of every table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from nohaven.engines.work import UnitReport
from nohaven.intake.doors import door_named
from nohaven.pipeline.audit_unit import AuditUnit
from nohaven.pipeline.chain import Chain, Outcome, load_chain
from nohaven.pipeline.rows import escalation_row, finding_row, left_out_row, page_row, without_query
from nohaven.pipeline.timelimit import PageTimeout, time_limit
from nohaven.records.capture import Bounds, Capture, LeftOut, Reach, Unit
from nohaven.store.captures import CAPTURES, CaptureWriter
from nohaven.store.tables import ESCALATIONS, PARTS, Row, write_table

ESCALATIONS_FILE = "escalations.parquet"
RESERVED = "reserved"


@dataclass(frozen=True, slots=True)
class WorkSettings:
    """What a worker must know; travels to it as a pickle."""

    bounds: Bounds
    until: str
    page_seconds: float
    cache: Path | None

    def make(self) -> SweepWork:
        """The work, in the worker's own process."""
        return SweepWork(self)


@dataclass(slots=True)
class _Gathered:
    """The rows of a unit so far."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in PARTS})
    escalations: list[Row] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    intake_seconds: float = 0.0


class SweepWork:
    """Runs units one after another in a worker process."""

    def __init__(self, settings: WorkSettings) -> None:
        self._settings = settings
        self._chain: Chain = load_chain(settings.cache, settings.until)

    def run(self, unit: Unit, folder: Path, mark: Callable[[int], None], skip: Mapping[int, str]) -> UnitReport:
        """See engines.work.UnitWork."""
        if unit.drawn:
            return AuditUnit(self._chain, self._settings.bounds, self._settings.page_seconds).run(
                unit, folder, mark, skip
            )
        gathered = _Gathered()
        captures = CaptureWriter(folder / CAPTURES)
        before = dict(self._chain.seconds)
        reach = Reach(unit.start, unit.start)
        reading = door_named(unit.door).read(unit, self._settings.bounds, mark, skip)
        begun = perf_counter()
        for thing in reading:
            gathered.intake_seconds += perf_counter() - begun
            if isinstance(thing, Reach):
                reach = thing
            elif isinstance(thing, LeftOut):
                self._leave_out(thing, gathered)
            else:
                self._take(thing, gathered, captures)
            begun = perf_counter()
        mark(-1)
        written = perf_counter()
        captures.close()
        for name, rows in gathered.rows.items():
            write_table(folder / f"{name}.parquet", rows, PARTS[name])
        write_table(folder / ESCALATIONS_FILE, gathered.escalations, ESCALATIONS)
        seconds = {name: total - before[name] for name, total in self._chain.seconds.items()}
        seconds |= {"intake": gathered.intake_seconds, "writing": perf_counter() - written}
        return UnitReport(reach.first, reach.next, dict(gathered.counts), seconds)

    def _take(self, capture: Capture, gathered: _Gathered, captures: CaptureWriter) -> None:
        """Read one capture and keep its rows."""
        try:
            with time_limit(self._settings.page_seconds):
                outcome = self._chain.outcome(capture)
        except PageTimeout:
            self._leave_out(_left(capture, "time_limit", f"took over {self._settings.page_seconds:g} s"), gathered)
            return
        if outcome.page.page_id in gathered.seen:
            self._leave_out(_left(capture, "repeat", "the same content under the same URL"), gathered)
            return
        gathered.seen.add(outcome.page.page_id)
        if outcome.verdict.reserved:
            gathered.escalations.append(escalation_row(outcome.page))
            left = LeftOut(capture.input, capture.offset, RESERVED, without_query(capture.url))
            self._leave_out(left, gathered)
            return
        self._keep(outcome, gathered)
        if outcome.verdict.findings:
            captures.write(capture, outcome.page.charset)

    def _keep(self, outcome: Outcome, gathered: _Gathered) -> None:
        """The rows of a page."""
        gathered.rows["pages"].append(page_row(outcome))
        gathered.counts["pages"] += 1
        gathered.counts["gated"] += outcome.verdict.gated
        for finding in outcome.verdict.findings:
            table = "offers" if finding.band == "offer" else "review"
            gathered.rows[table].append(finding_row(outcome, finding))
            gathered.counts[table] += 1

    def _leave_out(self, left: LeftOut, gathered: _Gathered) -> None:
        """The row and the count of a capture that is left out."""
        gathered.rows["left_out"].append(left_out_row(left))
        gathered.counts[f"left_out.{left.reason}"] += 1


def _left(capture: Capture, reason: str, detail: str) -> LeftOut:
    return LeftOut(capture.input, capture.offset, reason, capture.url, detail)
