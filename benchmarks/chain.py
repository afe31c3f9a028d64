"""The speed floor that every test run holds: the chain against the least that reading needs, in one process.

`python -m benchmarks.chain` measures on pages of the exercise, and on real ones where NOHAVEN_DATA names them. It fails
where a ratio fell below floors/speed.json by more than its slack; `--pin` writes that file. Start-up, intake and output
are not in it: `make bench` measures all of a sweep.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from benchmarks.crawl import exercise_pages, saved_pages
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.records.capture import Capture
from nohaven.store.cache import cache_folder

FLOORS = Path(__file__).parents[1] / "floors" / "speed.json"
PAGES = 400
ROUNDS = 5
SLACK = 0.15  # of the pinned ratio: what one machine differs from another, and one run from the next


def captures_of(pages: Sequence[bytes]) -> list[Capture]:
    """Pages as captures, evenly drawn where there are more than PAGES."""
    drawn = pages[:: max(1, len(pages) // PAGES)][:PAGES]
    return [
        Capture(f"http://site{n % 40}.example/{n}", body, f"{n:064x}", "text/html", "measured", n, len(body))
        for n, body in enumerate(drawn)
    ]


def floor_seconds(captures: Sequence[Capture]) -> float:
    """Seconds of this process to decode, parse and take the text."""
    begun = time.process_time()
    for capture in captures:
        tree = LexborHTMLParser(capture.payload.decode("utf-8", "replace"))
        tree.strip_tags(["script", "style"])
        tree.text()
    return time.process_time() - begun


def chain_seconds(captures: Sequence[Capture], chain: Chain) -> float:
    """Seconds of this process to read and judge."""
    begun = time.process_time()
    for capture in captures:
        chain.outcome(capture)
    return time.process_time() - begun


def ratio(captures: Sequence[Capture], chain: Chain) -> float:
    """Floor by chain, measured in turn; the median of ROUNDS."""
    chain_seconds(captures, chain)
    return statistics.median(floor_seconds(captures) / chain_seconds(captures, chain) for _ in range(ROUNDS))


def measure() -> dict[str, float]:
    """The ratio for each kind of pages that is there."""
    chain = load_chain(cache_folder())
    with tempfile.TemporaryDirectory() as folder:
        kinds = {"exercise": list(exercise_pages(Path(folder)))}
    if data := os.environ.get("NOHAVEN_DATA"):
        kinds["real"] = list(saved_pages(Path(data) / "pages"))
    return {kind: round(ratio(captures_of(pages), chain), 3) for kind, pages in kinds.items()}


def main() -> None:
    """Measure, print, and compare or pin."""
    parser = argparse.ArgumentParser(description="Hold the chain to the speed that it reached.")
    parser.add_argument("--pin", action="store_true", help="write floors/speed.json")
    pin = parser.parse_args().pin
    if find_spec("hyperscan") is None:
        print("skipped: the floor was reached with Hyperscan, which has no wheel here")
        return
    reached = measure()
    print(json.dumps(reached))
    if pin:
        FLOORS.write_text(json.dumps({"chain": reached, "slack": SLACK}, indent=1) + "\n", encoding="utf-8")
        return
    pinned = json.loads(FLOORS.read_text(encoding="utf-8"))
    least = {
        kind: round(pinned["chain"][kind] * (1 - pinned["slack"]), 3) for kind in reached if kind in pinned["chain"]
    }
    if slow := {kind: least[kind] for kind in least if reached[kind] < least[kind]}:
        raise SystemExit(f"The chain is slower than floors/speed.json allows: at least {slow}, measured {reached}.")


if __name__ == "__main__":
    main()
