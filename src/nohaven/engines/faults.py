"""What to do when a worker ends or hangs over a unit: try again, set a capture aside, or give up."""

from __future__ import annotations

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nohaven.engines.folders import write_whole
from nohaven.errors import OutsideFailure
from nohaven.records.capture import Unit

CRASHED = "crashed_worker"
TOO_LONG = "time_limit"
_TRIES_OUTSIDE = 3  # of a unit whose worker ends at no record: one may be the machine's doing, three are not
_PLACES = 20  # at which one unit may end its workers before it counts as the machine's doing

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fault:
    """One failed try of a unit."""

    offset: int | None  # of the record at work; None before the first and after the last
    reason: str  # CRASHED or TOO_LONG
    detail: str  # for a person: an exit code, or the name of an exception's type


class Isolated:
    """The captures set aside so far, by unit, kept in a file so that a resumed run leaves them out too."""

    __slots__ = ("_path", "_reasons")

    def __init__(self, path: Path, reasons: Mapping[int, Mapping[int, str]]) -> None:
        self._path = path
        self._reasons = {number: dict(of_unit) for number, of_unit in reasons.items()}

    @classmethod
    def load(cls, path: Path) -> Isolated:
        """Empty where there is no file. Raises OutsideFailure where the file is damaged."""
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(path, {int(n): {int(at): str(why) for at, why in one.items()} for n, one in content.items()})
        except FileNotFoundError:
            return cls(path, {})
        except (ValueError, AttributeError) as error:
            raise OutsideFailure(f"{path} is damaged; remove it and run the same command with --resume.") from error

    def of(self, number: int) -> Mapping[int, str]:
        """Reasons by offset in a unit; a copy."""
        return dict(self._reasons.get(number, {}))

    def add(self, number: int, offset: int, reason: str) -> None:
        """Set a capture aside, on disk before it returns."""
        self._reasons.setdefault(number, {})[offset] = reason
        ordered = {n: dict(sorted(one.items())) for n, one in sorted(self._reasons.items())}
        write_whole(self._path, json.dumps(ordered, indent=1) + "\n")


class Faults:
    """The failed tries of all units in this run."""

    __slots__ = ("_attempts", "_outside", "_tries", "isolated")

    def __init__(self, attempts: int, isolated: Isolated) -> None:
        self._attempts = attempts
        self.isolated = isolated
        self._outside: Counter[int] = Counter()
        self._tries: defaultdict[int, Counter[int]] = defaultdict(Counter)

    def note(self, unit: Unit, fault: Fault) -> None:
        """Count a failed try; after it the unit is to be tried again. Raises OutsideFailure where that is no use."""
        if fault.offset is None or fault.offset in self.isolated.of(unit.number):
            self._note_outside(unit, fault)
            return
        tries = self._tries[unit.number]
        tries[fault.offset] += 1
        if len(tries) > _PLACES:
            raise OutsideFailure(
                f"{_name(unit)} ended its workers at {len(tries)} captures, lastly at {fault.offset} ({fault.detail});"
                " free memory or take fewer workers, and run the same command with --resume."
            )
        if tries[fault.offset] >= self._attempts:
            self.isolated.add(unit.number, fault.offset, fault.reason)
            _log.warning(
                "Set aside the capture at %d of %s: %s (%s).", fault.offset, unit.input, fault.reason, fault.detail
            )

    def _note_outside(self, unit: Unit, fault: Fault) -> None:
        """No capture can be blamed: none was at work, or the one that was is left out already."""
        self._outside[unit.number] += 1
        if self._outside[unit.number] >= _TRIES_OUTSIDE:
            raise OutsideFailure(
                f"{_name(unit)} ended its worker {_TRIES_OUTSIDE} times at no capture that could be set aside"
                f" ({fault.detail}); check that the input can be read and that memory is free,"
                " and run the same command with --resume."
            )


def _name(unit: Unit) -> str:
    return f"Unit {unit.number} ({unit.input} from {unit.start} to {unit.end})"
