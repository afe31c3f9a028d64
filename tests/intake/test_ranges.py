"""Pieces of a file, cut by size alone, hold together what the file holds: nothing twice, nothing lost."""

from __future__ import annotations

import gzip
import json
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nohaven.intake.doors import door_of
from nohaven.intake.plan import plan_units
from nohaven.records.capture import Bounds, LeftOut, Unit

from .warcs import Row, http, packed, page, read_all, record, told


def warc_parts(seed: int, count: int) -> list[bytes]:
    """Records of many sizes, some of which are no pages."""
    choice = random.Random(seed)
    parts = []
    for number in range(count):
        kind = choice.random()
        if kind < 0.1:
            parts.append(record(b"GET / HTTP/1.1\r\n\r\n", "request", url=f"http://shop.example/{number}"))
        elif kind < 0.2:
            parts.append(record(http(status="404 Not Found"), url=f"http://shop.example/{number}"))
        else:
            parts.append(page(number, choice.choice([10, 300, 3000, 9000])))
    return parts


def jsonl(seed: int, count: int) -> bytes:
    choice = random.Random(seed)
    rows = [
        json.dumps(
            {"url": f"http://a.example/{n}", "text": f"\u2028 两 {n} " * choice.randrange(200)}, ensure_ascii=False
        )
        for n in range(count)
    ]
    return (
        "".join(f"{row}\n" + "\n" * choice.randrange(2) for row in rows).encode() + b'{"url": "http://a.example/last"'
    )


def damaged(data: bytes, seed: int) -> bytes:
    choice = random.Random(seed)
    broken = bytearray(data)
    for _ in range(3):
        at = choice.randrange(len(broken))
        broken[at : at + choice.randrange(1, 40)] = choice.randbytes(choice.randrange(40))
    return bytes(broken[: len(broken) - choice.randrange(50)])


def read_in_pieces(path: Path, unit_bytes: int) -> list[Row]:
    """The rows of all units, whose reaches must meet."""
    units = plan_units([(path.name, path)], unit_bytes)
    assert (units[0].start, units[-1].end) == (0, path.stat().st_size)
    pieces = [read_all(path, unit.start, unit.end) for unit in units]
    for (_, before, _), (_, after, _) in pairwise(pieces):
        assert before.next == after.first
    return [row for rows, _, _ in pieces for row in rows]


CONTENTS = {
    "a.warc.gz": lambda seed: packed(*warc_parts(seed, 40)),
    "a.warc": lambda seed: b"".join(warc_parts(seed, 40)),
    "members.warc.gz": lambda seed: b"".join(
        gzip.compress(b"".join(warc_parts(seed + n, 1 + n % 3)), 0 if n % 5 == 0 else 6) for n in range(20)
    ),
    "damaged.warc.gz": lambda seed: damaged(packed(*warc_parts(seed, 40)), seed),
    "damaged.warc": lambda seed: damaged(b"".join(warc_parts(seed, 40)), seed),
    "a.jsonl": lambda seed: jsonl(seed, 40),
    "damaged.jsonl": lambda seed: damaged(jsonl(seed, 40), seed),
}


@pytest.mark.parametrize("name", CONTENTS)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), unit_bytes=st.integers(1000, 1_000_000))
def test_units_together_are_the_file(
    tmp_path_factory: pytest.TempPathFactory, name: str, seed: int, unit_bytes: int
) -> None:
    path = tmp_path_factory.mktemp("ranges") / name
    path.write_bytes(CONTENTS[name](seed))
    assert read_in_pieces(path, unit_bytes) == read_all(path)[0]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.jsonl"])
def test_a_unit_can_begin_at_any_record(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CONTENTS[name](1))
    rows, whole, _ = read_all(path)
    assert (whole.first, whole.next) == (0, path.stat().st_size)
    for number, row in enumerate(rows):
        rest, reach, _ = read_all(path, row.offset)
        assert rest == rows[number:]
        assert reach.first == row.offset


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.jsonl"])
def test_a_unit_in_which_no_record_begins_is_empty(tmp_path: Path, name: str) -> None:
    """As inside a record that is longer than a unit; also one whose start was corrected to beyond its end."""
    path = tmp_path / name
    long = {"a.warc.gz": packed(page(1, 90_000)), "a.warc": page(1, 90_000)}.get(name, jsonl(1, 1))
    path.write_bytes(long + CONTENTS[name](1))
    first = read_all(path, 0, 1)[1]
    rows, reach, _ = read_all(path, 10, 20)
    assert rows == []
    assert (reach.first, reach.next) == (first.next, first.next)
    assert read_all(path, first.next, 20)[:2] == (rows, reach)


def test_a_forged_boundary_in_a_payload_shows_at_the_seam(tmp_path: Path) -> None:
    """The unit that begins inside the payload believes it; the reach of the unit before says otherwise."""
    forged = record(http(b"<p>forged"), url="http://bank.example/")
    noise = random.Random(5).randbytes(2000)
    for inner, wrap in ((gzip.compress(forged), lambda data: gzip.compress(data, 0)), (forged, lambda data: data)):
        outer = wrap(record(http(noise + b"\r\n\r\n" + inner + noise)))
        path = tmp_path / "a.warc.gz"
        path.write_bytes(outer + wrap(page(1)))
        middle = 1000
        before_rows, before, _ = read_all(path, 0, middle)
        after_rows, after, _ = read_all(path, middle)
        assert ("capture", "http://bank.example/") in told(after_rows)
        assert before.next != after.first
        again, corrected, _ = read_all(path, before.next)
        assert corrected.first == before.next
        assert before_rows + again == read_all(path)[0]


def test_both_ways_through_a_warc_agree(tmp_path: Path) -> None:
    """A record in `skip` sends reading the careful way; all others must come out as by the swift way."""
    path = tmp_path / "a.warc.gz"
    for seed in range(20):
        path.write_bytes(packed(*warc_parts(seed, 12)))
        rows = read_all(path)[0]
        for row in rows:
            alone, _, _ = read_all(path, row.offset, row.offset + 1, skip={-1: "never"})
            assert alone == [row]
        door, size = door_of(path, "a.warc.gz"), path.stat().st_size
        everything = dict.fromkeys((row.offset for row in rows), "set_aside")
        unit = Unit(0, path.name, str(path), door.name, 0, size)
        *skipped, _ = door.read(unit, Bounds(), lambda _: None, everything)
        assert [row.offset for row in skipped if isinstance(row, LeftOut)] == [row.offset for row in rows]


def test_plans_number_units_in_order(tmp_path: Path) -> None:
    for name in ("b.warc.gz", "a.jsonl"):
        (tmp_path / name).write_bytes(CONTENTS[name.replace("b.", "a.")](1))
    units = plan_units([("first", tmp_path / "b.warc.gz"), ("second", tmp_path / "a.jsonl")], 20_000)
    assert [unit.number for unit in units] == list(range(len(units)))
    assert [unit.input for unit in units] == sorted(unit.input for unit in units)
    assert {unit.door for unit in units} == {"warc", "jsonl"}


def test_a_file_of_one_member_is_one_unit(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress(b"".join(warc_parts(1, 40))))
    assert len(plan_units([("a", path)], 1000)) == 1
    assert len(read_all(path)[0]) == 40
