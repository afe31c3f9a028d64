"""The door for saved pages: a folder of HTML and text files, or one such file."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nohaven.intake.address import file_address
from nohaven.intake.body import Body, Refusal, plain_body
from nohaven.intake.door import Mark, Skip
from nohaven.intake.media import HTML, TEXT, XHTML, magic, sniff
from nohaven.records.capture import Bounds, Capture, LeftOut, Reach, Unit

_PIECE = 256 * 1024
_TYPES = {".html": HTML, ".htm": HTML, ".xhtml": XHTML, ".txt": TEXT}
# Text by their first bytes, but no pages.
_NO_PAGES = {
    *(".css", ".js", ".mjs", ".map", ".json", ".jsonl", ".xml", ".rss", ".atom", ".svg", ".csv", ".tsv", ".md"),
    *(".yaml", ".yml", ".toml", ".ini", ".log", ".py", ".sh", ".sql"),
}


class FolderDoor:
    """Files below a folder, in the order of their relative paths; units are ranges of that list, offsets indexes."""

    name = "folder"

    def recognises(self, path: Path, head: bytes) -> bool:
        suffix = path.suffix.lower()
        if path.is_dir() or suffix in _TYPES:
            return True
        return suffix not in _NO_PAGES and sniff(head) == HTML

    def units(self, path: Path, unit_bytes: int) -> list[tuple[int, int]]:
        """Ranges of files that together reach `unit_bytes`."""
        pieces: list[tuple[int, int]] = []
        start = total = index = 0
        for index, file in enumerate(_files(path), start=1):
            total += _size(file)
            if total >= unit_bytes:
                pieces.append((start, index))
                start, total = index, 0
        return [*pieces, (start, index)] if start < index else pieces

    def read(self, unit: Unit, bounds: Bounds, mark: Mark, skip: Skip) -> Iterator[Capture | LeftOut | Reach]:
        path = Path(unit.path)
        files = _files(path)
        is_folder = path.is_dir()
        root = path if is_folder else path.parent
        end = min(unit.end, len(files))
        for index in range(unit.start, end):
            file = files[index]
            mark(index)
            name = f"{unit.input.rstrip('/')}/{_relative(file, root)}" if is_folder else unit.input
            if index in skip:
                yield LeftOut(name, index, skip[index], _url(file, root))
            else:
                yield _row(file, root, Place(name, index), bounds)
        yield Reach(unit.start, max(unit.start, end))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file stands: the name of its input, and its index in the sorted list by which it is found again."""

    input: str
    index: int


def _files(path: Path) -> list[Path]:
    """The files below a folder by relative path, and the folders in it that are links or cannot be listed.

    Links to folders are not followed, so that a link to its own parent has an end.
    """
    if not path.is_dir():
        return [path]
    found: list[Path] = []
    closed: list[OSError] = []
    for folder, names, files in os.walk(path, onerror=closed.append):
        here = Path(folder)
        found += [here / name for name in files]
        found += [here / name for name in names if (here / name).is_symlink()]
    found += [Path(error.filename) for error in closed if error.filename]
    return sorted(found, key=lambda file: os.fsencode(file.relative_to(path).as_posix()))


def _size(file: Path) -> int:
    try:
        return file.lstat().st_size
    except OSError:  # gone since it was listed: `read` says so
        return 0


def _relative(file: Path, root: Path) -> str:
    """The path below the folder; bytes of it that are no UTF-8 come as U+FFFD."""
    return os.fsencode(file.relative_to(root).as_posix()).decode("utf-8", "replace")


def _url(file: Path, root: Path) -> str:
    return file_address(os.fsencode(file.relative_to(root).as_posix()))


def _row(file: Path, root: Path, place: Place, bounds: Bounds) -> Capture | LeftOut:
    url = _url(file, root)
    try:
        found = _link_refusal(file, root) or _page(file, bounds)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that lead round in a circle
        found = Refusal("unreadable", getattr(error, "strerror", None) or "links in a circle")
    if isinstance(found, Refusal):
        return LeftOut(place.input, place.index, found.reason, url, found.detail)
    body, mime, length = found
    return Capture(
        url=url,
        payload=body.payload,
        payload_sha256=body.sha256,
        mime=mime,
        input=place.input,
        offset=place.index,
        length=length,
        truncated=body.truncated,
    )


def _link_refusal(file: Path, root: Path) -> Refusal | None:
    """Why a file that is a link is not read."""
    if not file.is_symlink():
        return None
    goal = file.resolve()
    if not goal.is_relative_to(root.resolve()):
        return Refusal("outside_folder")
    return Refusal("not_text", "a link to a folder") if goal.is_dir() else None


def _page(file: Path, bounds: Bounds) -> tuple[Body, str, int] | Refusal:
    """The file's body, type and length."""
    suffix = file.suffix.lower()
    if suffix in _NO_PAGES:
        return Refusal("not_text", suffix)
    if not stat.S_ISREG(file.stat().st_mode):  # opening a pipe could wait for ever
        return Refusal("not_text" if not file.is_dir() else "unreadable", "no regular file")
    with file.open("rb") as stream:
        first = stream.read(_PIECE)
        if not first or first.isspace():
            return Refusal("empty")
        mime = _TYPES.get(suffix) or sniff(first)
        if mime is None or magic(first):
            return Refusal("not_text", magic(first) or suffix or None)
        body = plain_body(first, _rest(stream), bounds.max_page_bytes)
        return body, mime, stream.tell()


def _rest(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE):
        yield piece
