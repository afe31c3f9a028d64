"""Which workers are too long at one record, and which units no worker is at."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nohaven.engines.slot import Place

_LONGEST_STEP = 1.0  # seconds that one look adds at most


class HangWatch:
    """Adds up how long each worker was seen at the same record.

    It does not compare clocks: seconds in which the supervisor itself stood still (a stopped job, a sleeping laptop)
    are not the worker's, and a place read while it was being written lasts for one look only.
    """

    __slots__ = ("_looked", "_seen", "limit")

    def __init__(self, limit: float) -> None:
        self.limit = limit  # seconds
        self._looked: float | None = None
        self._seen: dict[int, tuple[Place, float]] = {}

    def look(self, places: Sequence[Place], now: float) -> list[Place]:
        """The places at which a worker has been longer than the limit, by looks that follow each other."""
        step = 0.0 if self._looked is None else min(now - self._looked, _LONGEST_STEP)
        self._looked = now
        before, self._seen = self._seen, {}
        for place in places:
            known = before.get(place.pid)
            self._seen[place.pid] = (place, known[1] + step if known is not None and known[0] == place else 0.0)
        return [place for place, seconds in self._seen.values() if place.offset >= 0 and seconds > self.limit]


class LostWatch:
    """Finds units that a worker took and no living worker has.

    The pool knows which worker has a unit by a message, and forgets the unit where it sees the worker's death first.
    """

    __slots__ = ("_limit", "_since")

    def __init__(self, limit: float = 5.0) -> None:
        self._limit = limit  # seconds; the pool answers for a dead worker within a fifth of one
        self._since: dict[int, float] = {}

    def look(self, taken: Collection[int], served: Collection[int], now: float) -> list[int]:
        """Numbers of units that were taken, and not served, in each look since the limit."""
        self._since = {number: self._since.get(number, now) for number in taken if number not in served}
        lost = [number for number, since in self._since.items() if now - since > self._limit]
        for number in lost:
            del self._since[number]
        return lost
