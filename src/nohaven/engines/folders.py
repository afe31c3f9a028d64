"""The sweep's `.work/` folder: a unit is done when its folder stands in `units/`, which one rename brings about."""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from nohaven.engines.work import UnitReport
from nohaven.records.capture import Unit, unit_of

REPORT = "unit.json"
Result = tuple[Unit, UnitReport]  # the unit as it was run, which may begin elsewhere than planned


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """The layout under `.work/`. Names begin with the unit's number in six digits."""

    path: Path

    @property
    def progress(self) -> Path:
        """Where the workers keep their slots."""
        return self.path / "progress"

    @property
    def isolated(self) -> Path:
        """Which captures are set aside so far."""
        return self.path / "isolated.json"

    def prepare(self) -> None:
        """Make what is missing and remove what a run that was killed left behind. Only under the lock."""
        for name in ("tmp", "progress"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for name in ("units", "tmp", "progress"):
            (self.path / name).mkdir(mode=0o700, exist_ok=True)

    def unit(self, number: int) -> Path:
        """Where a done unit lies."""
        return self.path / "units" / f"{number:06d}"

    def begin(self, number: int) -> Path:
        """A new empty folder for one try of a unit by this process."""
        half = self.path / "tmp" / f"{number:06d}-{os.getpid()}-{secrets.token_hex(4)}"
        half.mkdir(mode=0o700)
        return half

    def keep(self, half: Path, result: Result, planned: Unit) -> None:
        """Mark a unit done. Where another process was first, its folder stays: the bytes are the same."""
        (half / REPORT).write_text(_dump(result, planned), encoding="utf-8")
        try:
            half.rename(self.unit(planned.number))
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            shutil.rmtree(half, ignore_errors=True)

    def abandon(self, number: int, pid: int) -> None:
        """Remove what a process that died left of a unit."""
        for half in (self.path / "tmp").glob(f"{number:06d}-{pid}-*"):
            shutil.rmtree(half, ignore_errors=True)

    def undo(self, number: int) -> None:
        """Make a unit not done. Its folder goes at once, by a rename, and is then taken apart."""
        gone = self.path / "tmp" / f"{number:06d}-undone-{secrets.token_hex(4)}"
        try:
            self.unit(number).rename(gone)
        except FileNotFoundError:
            return
        shutil.rmtree(gone, ignore_errors=True)

    def result(self, planned: Unit) -> Result | None:
        """Of a unit that is done; None where it is not, cannot be read, or was cut by another plan."""
        try:
            content = json.loads((self.unit(planned.number) / REPORT).read_text(encoding="utf-8"))
            return _load(content, planned)
        except (OSError, ValueError, KeyError, TypeError):
            return None


def write_whole(path: Path, text: str) -> None:
    """Write a file that appears whole or stays as it was."""
    half = path.with_name(f"{path.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(path)


def _dump(result: Result, planned: Unit) -> str:
    unit, report = result
    content: Mapping[str, object] = {
        "unit": asdict(unit),
        "planned": [planned.start, planned.end],
        "first": int(report.first),
        "next": int(report.next),
        "counts": {name: int(count) for name, count in report.counts.items()},
        "seconds": {name: float(seconds) for name, seconds in report.seconds.items()},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _load(content: Mapping[str, object], planned: Unit) -> Result | None:
    """Raises KeyError, TypeError or ValueError where the content is not what `_dump` writes."""
    unit = unit_of(content["unit"])  # type: ignore[arg-type]  # asdict of a Unit, checked by the comparison below
    same = (unit.number, unit.input, unit.door, unit.drawn) == (
        planned.number,
        planned.input,
        planned.door,
        planned.drawn,
    )
    if not same or content["planned"] != [planned.start, planned.end]:
        return None
    counts, seconds = content["counts"], content["seconds"]
    if not isinstance(counts, dict) or not isinstance(seconds, dict):
        return None
    return unit, UnitReport(int(str(content["first"])), int(str(content["next"])), counts, seconds)
