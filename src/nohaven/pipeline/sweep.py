"""A sweep from inputs to a finished folder: plan, units in worker processes, last step, run record."""

from __future__ import annotations

import errno
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

from nohaven import __version__
from nohaven.detection.rulebook import load_rulebook
from nohaven.engines.embedded import Settings, run_units
from nohaven.engines.lock import hold_lock
from nohaven.engines.memory import PeakMemory
from nohaven.engines.progress import Progress
from nohaven.errors import OutsideFailure
from nohaven.pipeline.chain import load_chain
from nohaven.pipeline.finish import build_final, publish, sha256_of, total_counts
from nohaven.pipeline.plan import Asked, Plan, make_plan, read_plan
from nohaven.pipeline.unit import WorkSettings
from nohaven.store.cache import cache_folder
from nohaven.store.key import key_path, load_key
from nohaven.store.sweep_folder import WORK, SweepFolder, write_json
from nohaven.store.tables import WHOLE
from nohaven.store.taxonomy import load_taxonomy

KEEP_DAYS = 90  # a sweep is working material with an end, unless the mandate says otherwise
_PUBLISH = "publish"  # marks that the last step is done and its results are being moved into place


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
    rulebook = load_rulebook()
    key = load_key(key_path())
    if resume:
        folder.begin(resume=True)
        plan = read_plan(folder, inputs, rulebook.sha256)
    else:
        plan = make_plan(inputs, asked, rulebook.sha256, folder)
    begun, clock = datetime.now(UTC), perf_counter()
    with hold_lock(folder.work), PeakMemory() as memory, _plain_disk_errors(out):
        facts = _Facts(plan)
        counts, seconds = _do(folder, plan, workers, watch)
        run = _run_record(plan, facts.wait(), counts, key.id, rulebook.sha256)
        run |= {
            "begun_at": begun.isoformat(),
            "seconds": seconds | {"all": round(perf_counter() - clock, 3)},
            "peak_bytes": memory.peak,
        }
        publish(folder)
        write_json(folder.run_file, run)
    shutil.rmtree(folder.path / WORK)
    return SweepReport(out, counts, perf_counter() - clock, memory.peak)


@contextmanager
def _plain_disk_errors(out: Path) -> Iterator[None]:
    """A full disk in the last step reads like a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise OutsideFailure(f"No space left in {out}; make room and run the same command with --resume.") from error


def _do(
    folder: SweepFolder, plan: Plan, workers: int, watch: Callable[[Progress], None]
) -> tuple[dict[str, int], dict[str, float]]:
    """Run the units and the last step. Returns counts and seconds by stage."""
    asked = plan.asked
    work = WorkSettings(asked.bounds, asked.until, asked.page_seconds, cache_folder())
    done = run_units(
        plan.units, folder.work, work.make, Settings(workers, page_seconds=2 * asked.page_seconds + 5), watch
    )
    begun = perf_counter()
    chain = load_chain(cache_folder(), asked.until)
    changes = build_final(folder, plan, chain)
    (folder.work / _PUBLISH).touch()
    seconds: Counter[str] = Counter()
    for _, report in done:
        seconds.update(report.seconds)
    rounded = {stage: round(total, 3) for stage, total in seconds.items()}
    return total_counts([r.counts for _, r in done], changes), rounded | {"last_step": round(perf_counter() - begun, 3)}


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
    plan: Plan, inputs: list[dict[str, object]], counts: Mapping[str, int], key_id: str, rules: str
) -> dict[str, object]:
    """The run record without times."""
    taxonomy = load_taxonomy()
    now = datetime.now(UTC)
    left_out = {k.removeprefix("left_out."): v for k, v in counts.items() if k.startswith("left_out.")}
    kept = {k: v for k, v in counts.items() if not k.startswith("left_out.")}
    return {
        "versions": {"nohaven": __version__, "rules": rules, "model": None, "taxonomy": taxonomy.version},
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
