"""What a worker does with a unit of the audit: reads the drawn captures again, whole, and shows a block of each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from nohaven.engines.work import UnitReport
from nohaven.intake.doors import door_named
from nohaven.pipeline.chain import Chain, Outcome
from nohaven.pipeline.rows import audit_row
from nohaven.pipeline.timelimit import PageTimeout, time_limit
from nohaven.records.capture import Bounds, Capture, Unit
from nohaven.store.captures import CAPTURES, CaptureWriter
from nohaven.store.tables import REVIEW, Row, write_table

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AuditUnit:
    """Reads units of the audit."""

    chain: Chain
    bounds: Bounds
    page_seconds: float

    def run(self, unit: Unit, folder: Path, mark: Callable[[int], None], skip: Mapping[int, str]) -> UnitReport:
        """See engines.work.UnitWork. The probability of each row is not known here and comes later."""
        begun = perf_counter()
        rows: list[Row] = []
        captures = CaptureWriter(folder / CAPTURES)
        for offset, page_id in unit.drawn:
            if offset in skip:
                continue
            mark(offset)
            read = self._read(unit, offset)
            if read is None:
                continue
            capture, outcome = read
            row = audit_row(outcome)
            if row is not None and outcome.page.page_id == page_id:
                rows.append(row)
                captures.write(capture, outcome.page.charset)
        mark(-1)
        captures.close()
        write_table(folder / "review.parquet", rows, REVIEW)
        return UnitReport(0, 0, {}, {"audit": perf_counter() - begun})

    def _read(self, unit: Unit, offset: int) -> tuple[Capture, Outcome] | None:
        """The capture at an offset and its page read whole; None where that takes too long."""
        piece = replace(unit, start=offset, end=offset + 1, drawn=())
        reading = door_named(unit.door).read(piece, self.bounds, lambda _: None, {})
        capture = next((thing for thing in reading if isinstance(thing, Capture)), None)
        if capture is None:
            return None
        try:
            with time_limit(self.page_seconds):
                return capture, self.chain.unjudged(capture)
        except PageTimeout:
            _log.warning("The page at %d of %s took too long to be drawn for audit.", offset, unit.input)
            return None
