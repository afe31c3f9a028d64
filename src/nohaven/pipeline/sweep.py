"""A sweep from inputs to a finished folder: plan, units in worker processes, last step, run record."""

from __future__ import annotations

import json
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

import duckdb

from nohaven import __version__
from nohaven.detection.rulebook import rules_sha256
from nohaven.engines.embedded import Settings, run_units
from nohaven.engines.lock import hold_lock
from nohaven.engines.memory import PeakMemory
from nohaven.engines.progress import Progress
from nohaven.engines.stop import stopped
from nohaven.engines.worker import is_disk_full
from nohaven.errors import OutsideFailure
from nohaven.pipeline.chain import keep_chain
from nohaven.pipeline.finish import PUBLISH, LastStep, publish, sha256_of, total_counts
from nohaven.pipeline.plan import Asked, Plan, make_plan, read_plan
from nohaven.pipeline.unit import WorkSettings
from nohaven.store.cache import cache_folder
from nohaven.store.key import key_path, load_key
from nohaven.store.sweep_folder import SweepFolder, write_json
from nohaven.store.tables import WHOLE
from nohaven.store.taxonomy import load_taxonomy

KEEP_DAYS = 90  # a sweep is working material with an end, unless the mandate says otherwise


@dataclass(frozen=True, slots=True)
class SweepReport:
    """What a sweep did."""

    folder: Path
    counts: Mapping[str, int]
    seconds: float
    peak_bytes: int

    @property
    def left_out(self) -> Mapping[str, int]:
        """Captures left out, by reason."""
        return {k.removeprefix("left_out."): v for k, v in self.counts.items() if k.startswith("left_out.")}


def run_sweep(
    inputs: Sequence[str], out: Path, asked: Asked, workers: int, resume: bool, watch: Callable[[Progress], None]
) -> SweepReport:
    """Do a sweep, or take up one that was stopped."""
    folder = SweepFolder(out)
    rules = rules_sha256()
    key = load_key(key_path())
    clock = perf_counter()
    if resume:
        folder.begin(resume=True)
    else:
        with _plain_disk_errors(out, "again"):
            plan = make_plan(inputs, asked, rules, folder)
    with _plain_disk_errors(out, "with --resume"), _plain_stop(), hold_lock(folder.work):
        if resume and not folder.only_leftovers:
            plan = read_plan(folder, inputs, None if _built(folder) else rules)
        if not folder.only_leftovers and not _built(folder):
            write_json(folder.work / PUBLISH, _build(folder, plan, key.id, workers, watch))
        return _finish(folder, clock)


def _built(folder: SweepFolder) -> bool:
    """Whether all is done but the moving into place."""
    return (folder.work / PUBLISH).is_file()


def _build(
    folder: SweepFolder, plan: Plan, key_id: str, workers: int, watch: Callable[[Progress], None]
) -> dict[str, object]:
    """Run the units and the last step. Returns the run record."""
    begun, clock = datetime.now(UTC), perf_counter()
    with PeakMemory() as memory:
        facts = _Facts(plan)
        counts, seconds = _do(folder, plan, workers, watch)
        run = _run_record(plan, facts.wait(), counts, key_id)
    return run | {
        "begun_at": begun.isoformat(),
        "seconds": seconds | {"all": round(perf_counter() - clock, 3)},
        "peak_bytes": memory.peak,
    }


def _finish(folder: SweepFolder, clock: float) -> SweepReport:
    """Move what was built into place, the run record last. May be repeated after a stop at any moment."""
    if not folder.only_leftovers:
        publish(folder)
        (folder.work / PUBLISH).replace(folder.run_file)
    run = json.loads(folder.run_file.read_text(encoding="utf-8"))
    shutil.rmtree(folder.work)
    counts = run["counts"]["kept"] | {f"left_out.{reason}": n for reason, n in run["counts"]["left_out"].items()}
    return SweepReport(folder.path, counts, perf_counter() - clock, run["peak_bytes"])


@contextmanager
def _plain_disk_errors(out: Path, how: str) -> Iterator[None]:
    """A full disk outside the workers reads like a sentence."""
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if not is_disk_full(error) and "No space left" not in str(error):  # DuckDB has no error of its own for it
            raise
        raise OutsideFailure(f"No space left in {out}; make room and run the same command {how}.") from error


@contextmanager
def _plain_stop() -> Iterator[None]:
    """Ctrl-C where no worker is at work."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise stopped() from error


def _do(
    folder: SweepFolder, plan: Plan, workers: int, watch: Callable[[Progress], None]
) -> tuple[dict[str, int], dict[str, float]]:
    """Run the units and the last step. Returns counts and seconds by stage."""
    asked = plan.asked
    work = WorkSettings(asked.bounds, asked.until, asked.page_seconds, cache_folder())
    keep_chain(cache_folder(), asked.until)  # before the workers start, which would each compile it
    last = LastStep(folder, plan)
    settings = Settings(workers, page_seconds=2 * asked.page_seconds + 5)
    done = run_units(plan.units, folder.work, work.make, settings, watch, last.draw)
    changes = last.build()
    seconds: Counter[str] = Counter()
    for _, report in done:
        seconds.update(report.seconds)
    rounded = {stage: round(total, 3) for stage, total in seconds.items()}
    return total_counts([r.counts for _, r in done], changes), rounded | {"last_step": round(last.seconds, 3)}


class _Facts:
    """SHA-256 and size of the inputs, reckoned in a thread while workers read them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._hashes: dict[str, str] = {}
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._reckon, daemon=True)
        self._thread.start()

    def _reckon(self) -> None:
        try:
            for _, path, _ in self._plan.inputs:
                self._hashes[path] = sha256_of(Path(path))
        except OSError as error:
            self._error = error

    def wait(self) -> list[dict[str, object]]:
        """A record for each input."""
        self._thread.join()
        if self._error is not None:
            raise OutsideFailure(
                f"An input could not be read to its end ({self._error.strerror}); run again with --resume."
            )
        return [{"input": name, "bytes": size, "sha256": self._hashes[path]} for name, path, size in self._plan.inputs]


def _run_record(
    plan: Plan, inputs: list[dict[str, object]], counts: Mapping[str, int], key_id: str
) -> dict[str, object]:
    """The run record without times."""
    taxonomy = load_taxonomy()
    now = datetime.now(UTC)
    left_out = {k.removeprefix("left_out."): v for k, v in counts.items() if k.startswith("left_out.")}
    kept = {k: v for k, v in counts.items() if not k.startswith("left_out.")}
    return {
        "versions": {"nohaven": __version__, "rules": plan.rules, "model": plan.model, "taxonomy": taxonomy.version},
        "taxonomy_sha256": taxonomy.sha256,
        "libraries": {name: version(name) for name in ("fastwarc", "selectolax", "resiliparse", "pyarrow", "duckdb")},
        "inputs": inputs,
        "settings": {
            "until": plan.asked.until,
            "max_page_bytes": plan.asked.max_page_bytes,
            "page_seconds": plan.asked.page_seconds,
            "seed": plan.asked.seed,
            "unit_bytes": plan.asked.unit_bytes,
        },
        "territory": plan.asked.territory,
        "key_id": key_id,
        "counts": {"kept": kept, "left_out": left_out},
        "finished_at": now.isoformat(),
        "erase_after": (now + timedelta(days=KEEP_DAYS)).date().isoformat(),
        "empty_until_built": sorted(set(WHOLE) - {"sites", "escalations"}),
    }
