"""`make bench`: a sweep with output against the floor on the same two files, in turn; the median of five ratios.

Options after BENCH=: --pages N a file (10,000), --rounds N (5), --floor FILE (another floor to measure as well, a
program that takes the two files and prints its seconds). Writes floors/bench.json
with --pin: what was reached, for people; benchmarks.chain holds the floor that every test run checks.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import floor
from benchmarks.crawl import pages_to_measure, write_warc

FLOORS = Path(__file__).parents[1] / "floors" / "bench.json"


def sweep_seconds(warcs: list[str], out: Path, workers: int) -> tuple[float, dict[str, object]]:
    """Whole-process seconds of a sweep, and its run record."""
    shutil.rmtree(out, ignore_errors=True)
    command = [
        sys.executable,
        "-m",
        "nohaven.cli.main",
        "--quiet",
        "sweep",
        *warcs,
        "--out",
        str(out),
        "--workers",
        str(workers),
    ]
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    took = time.perf_counter() - begun
    return took, json.loads((out / "run.json").read_text(encoding="utf-8"))


def other_floor_seconds(program: str, warcs: list[str]) -> float:
    """Seconds that another floor program prints."""
    return float(subprocess.run([sys.executable, program, *warcs], check=True, capture_output=True, text=True).stdout)


def measure(folder: Path, pages: int, rounds: int, program: str | None) -> dict[str, object]:
    """All figures of a benchmark."""
    kind, bodies = pages_to_measure(folder)
    warcs = [str(folder / name) for name in ("a.warc.gz", "b.warc.gz")]
    sizes = [write_warc(Path(w), bodies, pages) for w in warcs]
    print(
        f"2 files of {pages:,} {kind}, mean {statistics.mean(sizes) / 1000:.1f} kB; "
        f"{os.cpu_count()} processors, 2 workers"
    )
    sweep_seconds(warcs, folder / "warm", 2)
    ratios: list[float] = []
    others: list[float] = []
    for number in range(rounds):
        least = floor.seconds(warcs)
        other = other_floor_seconds(program, warcs) if program else 0.0
        took, run = sweep_seconds(warcs, folder / "sweep", 2)
        ratios.append(least / took)
        others.append(other / took)
        peak = int(str(run["peak_bytes"])) >> 20
        counts = run["counts"]["kept"]  # type: ignore[index,call-overload]
        against = f", against the other floor {other / took:.3f}" if program else ""
        print(
            f"round {number + 1}: floor {least:.2f} s, sweep {took:.2f} s ({2 * pages / took:,.0f} pages/s, "
            f"peak {peak} MiB, "
            f"{counts.get('gated', 0)} gated, {counts.get('offers', 0)} offers), ratio {least / took:.3f}{against}",
            flush=True,
        )
    figures: dict[str, object] = {"pages_a_file": pages, "kind": kind, "mean_bytes": sizes[0], "rounds": rounds}
    figures |= {
        "ratio": round(statistics.median(ratios), 3),
        "peak_mib": peak,
        "pages_a_second": round(2 * pages / took),
    }
    if program:
        figures["ratio_other_floor"] = round(statistics.median(others), 3)
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure a sweep against the floor.")
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--floor", default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where to put the files; else a temporary folder")
    parser.add_argument("--pin", action="store_true", help="write floors/bench.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        figures = measure(Path(folder), asked.pages, asked.rounds, asked.floor)
    print(json.dumps(figures))
    if asked.pin:
        FLOORS.write_text(
            json.dumps({"reached": figures}, indent=1) + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
