"""Write an exercise to a folder: first what is true, then the crawl that shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random

from nohaven.exercise.http import page_response
from nohaven.exercise.left_out import LeftOut
from nohaven.exercise.truth import truth_line
from nohaven.exercise.warc import WarcDoor
from nohaven.exercise.world import World, build_world


@dataclass(frozen=True, slots=True)
class ExerciseFiles:
    """Where an exercise was written."""

    warc: Path  # gzip a record; warcinfo first; some responses with their request
    truth: Path  # a line a page, flushed before the WARC gets its name
    pages: int  # response captures that are pages (text/html, status 200), repeats not counted


def build_exercise(folder: Path, pages: int = 400, seed: int = 7) -> ExerciseFiles:
    """Write `truth.jsonl`, `left_out_truth.json` and `exercise.warc.gz`; same pages and seed, same bytes.

    One walk makes both; the WARC grows under another name and is renamed when the truth is complete, so nobody
    can read a crawl without its truth. Raises UserMistake for a size outside 50 to 100,000.
    """
    world = build_world(pages, seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = ExerciseFiles(folder / "exercise.warc.gz", folder / "truth.jsonl", pages)
    growing = folder / "exercise.warc.gz.part"
    files.warc.unlink(missing_ok=True)
    counts = _write(world, files.truth, growing)
    (folder / "left_out_truth.json").write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")
    growing.rename(files.warc)
    return files


def _write(world: World, truth: Path, warc: Path) -> dict[str, int]:
    rng = Random(f"{world.seed}:http")
    with warc.open("wb") as crawl, truth.open("w", encoding="utf-8", newline="\n") as lines:
        door = WarcDoor(crawl, world.seed)
        left_out = LeftOut(door, world.seed)
        left_out.warcinfo()
        for page in world.walk():
            lines.write(truth_line(page.truth))
            message = page_response(page, rng)
            response_id = door.write_response(page.truth.url, message, page.ip)
            left_out.request(page, response_id)
            left_out.after(page, message, response_id)
    return dict(left_out.counts)
