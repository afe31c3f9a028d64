"""What a sweep is going to do, written down before it begins, so that a resumed run does the very same."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from nohaven.detection.fitted import model_sha256
from nohaven.engines.lock import hold_lock
from nohaven.errors import UserMistake
from nohaven.intake.doors import door_of
from nohaven.intake.plan import plan_units
from nohaven.records.capture import Bounds, Unit, unit_of
from nohaven.store.sweep_folder import PLAN, SweepFolder, write_json

UNIT_BYTES = 16 * 1024 * 1024  # of an input; about five hundred pages. Never depends on the number of workers
STDIN = "-"
SPOOLED = "stdin"  # its copy in the work folder


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked of a sweep, apart from how fast to do it."""

    until: str
    max_page_bytes: int
    page_seconds: float
    territory: str | None
    seed: int
    unit_bytes: int = UNIT_BYTES

    @property
    def bounds(self) -> Bounds:
        """How much of one capture is read."""
        return Bounds(max_page_bytes=self.max_page_bytes)


@dataclass(frozen=True, slots=True)
class Plan:
    """The inputs with their state when the sweep began, what was asked, and the units of work."""

    inputs: tuple[tuple[str, str, int], ...]  # name as given, path, bytes
    asked: Asked
    rules: str  # SHA-256 of the rules
    units: tuple[Unit, ...]
    model: str  # SHA-256 of the model


def make_plan(inputs: Sequence[str], asked: Asked, rules: str, folder: SweepFolder) -> Plan:
    """Look at every input before anything is written, then write the plan down."""
    for name in inputs:
        if name != STDIN:
            door_of(Path(name), name)
    if not inputs:
        raise UserMistake("No input was named; name a WARC, a JSONL file, a folder of pages, or - for standard input.")
    if list(inputs).count(STDIN) > 1:
        raise UserMistake("Standard input was named twice; name - once.")
    folder.begin(resume=False)
    with hold_lock(folder.work):
        folder.begin(resume=False)  # asked again, now that nobody else can be at it
        places = [(_readable(n), _spool(folder) if n == STDIN else Path(n).resolve()) for n in inputs]
        units = plan_units(places, asked.unit_bytes)
        plan = Plan(tuple((n, str(p), input_bytes(p)) for n, p in places), asked, rules, tuple(units), model_sha256())
        write_json(folder.work / PLAN, asdict(plan))
    return plan


def read_plan(folder: SweepFolder, inputs: Sequence[str], rules: str | None) -> Plan:
    """The plan of an unfinished sweep; UserMistake where inputs or rules are no longer the same.

    Without `rules`, all is read already, and only the names of the inputs are held against it.
    """
    data = cast(dict[str, Any], json.loads((folder.work / PLAN).read_text(encoding="utf-8")))
    plan = Plan(
        tuple((n, p, b) for n, p, b in data["inputs"]),
        Asked(**data["asked"]),
        data["rules"],
        tuple(unit_of(u) for u in data["units"]),
        data["model"],
    )
    if inputs and [_readable(name) for name in inputs] != [name for name, _, _ in plan.inputs]:
        raise UserMistake(f"{folder.path} was begun with other inputs; resume it without naming inputs.")
    if rules is None:
        return plan
    for name, path, size in plan.inputs:
        if not Path(path).exists() or input_bytes(Path(path)) != size:
            raise UserMistake(f"{name} is no longer what it was when the sweep began; begin again in another folder.")
    if (plan.rules, plan.model) != (rules, model_sha256()):
        raise UserMistake(f"{folder.path} was begun with other rules or another model; begin again in another folder.")
    return plan


def _readable(name: str) -> str:
    """An input's name as tables can hold it; bytes of it that are no UTF-8 come as U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def input_bytes(path: Path) -> int:
    """Size of a file, or of all files of a folder."""
    if path.is_dir():
        return sum(p.stat().st_size for p in path.rglob("*") if p.is_file())
    return path.stat().st_size


def _spool(folder: SweepFolder) -> Path:
    """Standard input as a file inside the work folder: it can be read again, in pieces, after a stop."""
    path = folder.work.resolve() / SPOOLED
    half = path.with_suffix(".half")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, 1024 * 1024)
        half.replace(path)
        door_of(path, "standard input")
    except BaseException:  # nothing to take up: what came cannot come again
        shutil.rmtree(folder.work)
        if not any(folder.path.iterdir()):
            folder.path.rmdir()
        raise
    return path
