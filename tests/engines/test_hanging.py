"""Which workers are too long at one record, and which units no worker is at."""

from __future__ import annotations

from nohaven.engines.hanging import HangWatch, LostWatch
from nohaven.engines.slot import NOWHERE, Place


def at(offset: int, began: float = 0.0) -> Place:
    return Place(pid=1, unit=0, offset=offset, began=began)


def looks(watch: HangWatch, places: list[Place], times: list[float]) -> list[bool]:
    return [bool(watch.look([place], now)) for place, now in zip(places, times, strict=True)]


def test_the_same_record_for_longer_than_the_limit() -> None:
    assert looks(HangWatch(1.0), [at(5)] * 5, [10.0, 10.5, 11.0, 11.5, 12.0]) == [False, False, False, True, True]


def test_another_record_begins_anew() -> None:
    places = [at(5), at(5), at(6, 0.9), at(6, 0.9), at(6, 0.9)]
    assert looks(HangWatch(1.0), places, [0.0, 0.9, 1.8, 2.7, 3.6]) == [False, False, False, False, True]


def test_the_same_record_tried_again_begins_anew() -> None:
    assert looks(HangWatch(1.0), [at(5), at(5), at(5, 0.9)], [0.0, 0.9, 1.8]) == [False, False, False]


def test_a_worker_at_no_record_has_all_the_time() -> None:
    assert looks(HangWatch(1.0), [at(NOWHERE)] * 3, [0.0, 0.9, 1.8]) == [False, False, False]


def test_time_in_which_nobody_ran_is_not_counted() -> None:
    """A stopped job or a sleeping laptop: an hour between two looks."""
    assert looks(HangWatch(1.5), [at(5)] * 3, [0.0, 3600.0, 3600.4]) == [False, False, False]


def test_a_unit_that_nobody_serves_is_lost_after_a_while() -> None:
    watch = LostWatch(2.0)
    assert watch.look([7, 8], [7], 0.0) == []
    assert watch.look([7, 8], [7], 1.9) == []
    assert watch.look([7, 8], [7], 2.1) == [8]
    assert watch.look([7, 8], [7], 2.2) == [], "told once"


def test_a_unit_served_meanwhile_is_not_lost() -> None:
    watch = LostWatch(2.0)
    assert [watch.look([8], served, now) for now, served in ((0.0, []), (1.5, [8]), (3.0, []), (4.5, []))] == [[]] * 4
