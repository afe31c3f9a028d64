"""The door for JSONL: a row a line, `{"url", "html" | "text", "captured_at"?}`."""

from __future__ import annotations

import codecs
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nohaven.intake.address import address, without_surrogates
from nohaven.intake.body import Refusal
from nohaven.intake.door import Mark, Skip
from nohaven.intake.media import HTML, TEXT
from nohaven.intake.moment import moment
from nohaven.records.capture import Bounds, Capture, LeftOut, Reach, Unit

_PIECE = 1024 * 1024
_SUFFIXES = (".jsonl", ".ndjson")
_OTHERS_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")  # these may begin with a brace and are pages all the same


class JsonlDoor:
    """Rows of JSON. A line ends at a line feed and nowhere else: U+2028 and U+0085 are letters of a string."""

    name = "jsonl"

    def recognises(self, path: Path, head: bytes) -> bool:
        suffix = path.suffix.lower()
        start = head.removeprefix(codecs.BOM_UTF8).lstrip()
        return suffix not in _OTHERS_SUFFIXES and (start.startswith(b"{") or (suffix in _SUFFIXES and b"{" in head))

    def units(self, path: Path, unit_bytes: int) -> list[tuple[int, int]]:
        size = path.stat().st_size
        return [(at, min(at + unit_bytes, size)) for at in range(0, size, unit_bytes)]

    def read(self, unit: Unit, bounds: Bounds, mark: Mark, skip: Skip) -> Iterator[Capture | LeftOut | Reach]:
        with Path(unit.path).open("rb") as file:
            at = first = _line_start(file, unit.start)
            while at < unit.end:
                line = file.readline(bounds.max_line_bytes + 1)
                if not line:
                    break
                following = at + len(line)
                if not line.endswith(b"\n") and len(line) > bounds.max_line_bytes:
                    following += _rest_of_line(file)
                    mark(at)
                    detail = f"{following - at} bytes"
                    yield LeftOut(unit.input, at, skip.get(at, "line_too_long"), None, detail)
                elif not line.isspace():
                    mark(at)
                    yield _skipped(unit, at, skip) or _row(line, unit.input, at, bounds.max_page_bytes)
                at = following
            yield Reach(first, at)


def _line_start(file: BinaryIO, offset: int) -> int:
    """The first byte at or after `offset` at which a line begins, or the end of the file; leaves the file there."""
    if offset == 0:
        return 0
    size = file.seek(0, io.SEEK_END)
    if offset >= size:
        return size
    file.seek(offset - 1)
    return offset - 1 + _rest_of_line(file)


def _rest_of_line(file: BinaryIO) -> int:
    """Passes over the rest of a line without holding it; its length with the line feed."""
    passed = 0
    while piece := file.readline(_PIECE):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def _skipped(unit: Unit, at: int, skip: Skip) -> LeftOut | None:
    return LeftOut(unit.input, at, skip[at]) if at in skip else None


def _row(line: bytes, input_name: str, at: int, max_bytes: int) -> Capture | LeftOut:
    row = _object(line.removeprefix(codecs.BOM_UTF8) if at == 0 else line)
    if isinstance(row, Refusal):
        return LeftOut(input_name, at, row.reason, None, row.detail)
    return row_capture(row, Place(input_name, at, len(line)), max_bytes)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: the input's name, the byte of its line, the bytes of its line."""

    input: str
    offset: int
    length: int


def row_capture(row: Mapping[str, object], place: Place, max_bytes: int) -> Capture | LeftOut:
    """The capture of a row that was parsed, or why it is none."""
    url = row.get("url")
    clean = address(url) if isinstance(url, str) else ""
    body = _body(row)
    if isinstance(body, Refusal):
        return LeftOut(place.input, place.offset, body.reason, clean or None, body.detail)
    if not clean:
        return LeftOut(place.input, place.offset, "no_url")
    payload = without_surrogates(body).encode()
    return Capture(
        url=clean,
        payload=payload[:max_bytes],
        payload_sha256=hashlib.sha256(payload).hexdigest(),
        mime=HTML if row.get("text") is None else TEXT,
        input=place.input,
        offset=place.offset,
        length=place.length,
        captured_at=moment(row.get("captured_at")),
        charset="utf-8",
        truncated=len(payload) > max_bytes,
    )


def _object(line: bytes) -> dict[str, object] | Refusal:
    """The object that a line holds; wrong bytes in it become U+FFFD. Details never quote the line."""
    try:
        row = json.loads(line.decode("utf-8", "replace"))
    except json.JSONDecodeError as error:
        return Refusal("bad_json", f"{error.msg} at character {error.pos + 1}")
    except RecursionError:
        return Refusal("bad_json", "nested too deeply")
    except ValueError:  # Python's bound on the length of an integer
        return Refusal("bad_json", "a number with too many digits")
    return row if isinstance(row, dict) else Refusal("bad_row", "not an object")


def _body(row: Mapping[str, object]) -> str | Refusal:
    html, text = row.get("html"), row.get("text")
    if html is None and text is None:
        return Refusal("bad_row", "neither html nor text")
    if html is not None and text is not None:
        return Refusal("bad_row", "both html and text")
    body = text if html is None else html
    if not isinstance(body, str):
        return Refusal("bad_row", "html or text is no string")
    return body if body and not body.isspace() else Refusal("empty")
