"""Which door an input goes through."""

from __future__ import annotations

import stat
from pathlib import Path

from nohaven.errors import UserMistake
from nohaven.intake.door import HEAD_BYTES, Door
from nohaven.intake.folder_door import FolderDoor
from nohaven.intake.jsonl_door import JsonlDoor
from nohaven.intake.warc_door import WarcDoor

DOORS: tuple[Door, ...] = (WarcDoor(), JsonlDoor(), FolderDoor())  # asked in this order


def door_named(name: str) -> Door:
    """The door of that name; a unit of work carries its door's name."""
    for door in DOORS:
        if door.name == name:
            return door
    known = ", ".join(door.name for door in DOORS)
    raise UserMistake(f"{name}: no door has this name; the doors are {known}.")


def door_of(path: Path, name: str) -> Door:
    """The door that reads `path`, which the user calls `name`. Raises UserMistake if there is none."""
    head = _head(path, name)
    for door in DOORS:
        if door.recognises(path, head):
            return door
    raise UserMistake(f"{name}: not a known format (WARC, JSONL or a folder of HTML or text files); give one of these.")


def _head(path: Path, name: str) -> bytes:
    """The first bytes of a file, none of a folder. Raises UserMistake where there is nothing to read."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            head, empty = b"", not any(path.iterdir())
        elif stat.S_ISREG(mode):
            with path.open("rb") as file:
                head = file.read(HEAD_BYTES)
            empty = not head
        else:  # opening a pipe or a device could wait for ever
            raise UserMistake(f"{name}: neither a file nor a folder; save its content to a file first.")
    except FileNotFoundError as error:
        raise UserMistake(f"{name}: no such file or folder; check the path.") from error
    except OSError as error:
        raise UserMistake(f"{name}: cannot be read ({error.strerror}); check its permissions.") from error
    if empty:
        raise UserMistake(f"{name}: is empty; give an input that holds something.")
    return head
