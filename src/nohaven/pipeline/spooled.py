"""Erases from the copy of standard input that an unfinished sweep keeps, without moving what stands behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from nohaven.errors import UserMistake
from nohaven.intake.doors import door_of
from nohaven.intake.moment import moment
from nohaven.pipeline.erasure import Condition
from nohaven.pipeline.plan import SPOOLED
from nohaven.records.capture import Bounds, Capture, LeftOut, Unit
from nohaven.store.sweep_folder import PLAN, SweepFolder
from nohaven.store.tables import Row


def blank_spooled(folder: SweepFolder, goes: Condition) -> int:
    """Blank the rows that go. Returns their number.

    Offsets of what is read already must stay true: a row of JSONL becomes spaces, records of other formats cannot be
    taken out. UserMistake where one would have to be, before anything is changed.
    """
    path = folder.work / SPOOLED
    if not path.is_file():
        return 0
    if not (folder.work / PLAN).is_file():  # it never began, and cannot be taken up
        path.unlink()
        return 0
    if door_of(path, "standard input").name == "jsonl":
        return _blank_lines(path, goes)
    if any(goes(row) for row in _rows(path)):
        raise UserMistake(
            f"{folder.path} is not finished and keeps its standard input, from which this cannot be taken out;"
            " finish the sweep with --resume and erase again, or remove the folder."
        )
    return 0


def _blank_lines(path: Path, goes: Condition) -> int:
    gone = at = 0
    with path.open("r+b") as file:
        while line := file.readline():
            if line.strip() and goes(_line_row(line)):
                gone += 1
                _blank(file, at, line)
            at += len(line)
    return gone


def _blank(file: BinaryIO, at: int, line: bytes) -> None:
    """Spaces over a line, its end kept; leaves the file behind it."""
    file.seek(at)
    file.write(b" " * len(line.rstrip(b"\n")))
    file.seek(at + len(line))


def _line_row(line: bytes) -> Row:
    text = line.decode("utf-8", "replace")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return {"body": text}
    return row | {"captured_at": moment(row.get("captured_at"))} if isinstance(row, dict) else {"body": text}


def _rows(path: Path) -> Iterator[Row]:
    """What the records of a file say of themselves."""
    door = door_of(path, "standard input")
    size = max(end for _, end in door.units(path, 1 << 60))
    for thing in door.read(Unit(0, "-", str(path), door.name, 0, size), Bounds(), lambda _: None, {}):
        if isinstance(thing, Capture):
            body = thing.payload.decode(_charset(thing), "replace")
            yield {"url": thing.url, "captured_at": thing.captured_at, "body": body}
        elif isinstance(thing, LeftOut):
            yield {"url": thing.url, "detail": thing.detail}


def _charset(capture: Capture) -> str:
    try:
        "".encode(capture.charset or "utf-8")
    except LookupError:
        return "utf-8"
    return capture.charset or "utf-8"
