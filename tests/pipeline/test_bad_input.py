"""Inputs that are damaged, too large or hostile: each gets its answer, and all that surrounds them is read."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from random import Random

import pytest

from .made import left_out, packed, page, pages, record, run

MIB = 2**20
NEIGHBOURS = {f"http://plain.example/{n}" for n in range(8)}


def _zeros(size: int, lead: bytes, noise: int = 0) -> bytes:
    """A gzip stream of one letter, made without holding it; `noise` bytes a MiB are others, so that it is no bomb."""
    pack = zlib.compressobj(1, zlib.DEFLATED, 31)
    piece = Random(1).randbytes(noise // 2).hex().encode() + b"a" * (MIB - noise)
    return b"".join([pack.compress(lead), *(pack.compress(piece) for _ in range(size // MIB)), pack.flush()])


def _big_record(url: str, size: int) -> bytes:
    """A packed record whose page has `size` bytes."""
    head = record(url, b"", length=0).split(b"\r\n\r\n")[1] + b"\r\n\r\n<p>"
    block = len(head) + size // MIB * MIB
    start = record(url, b"", length=block).split(b"\r\n\r\n")[0] + b"\r\n\r\n"
    return _zeros(size, start + head, 16_384)


def _warc() -> bytes:
    """Hostile pages, each between sound ones."""
    sound = iter(packed(*(page(n) for n in range(8))))
    wrong = "<p>магазин садовых инструментов и семян".encode("windows-1251")
    hard = [
        *packed(record("http://bomb.example/", _zeros(200 * MIB, b"<p>"), "Content-Encoding: gzip")),
        _big_record("http://large.example/", 500 * MIB),
        *packed(record("http://nested.example/", b"<div>" * 100_000 + b"deep")),
        *packed(record("http://nul.example/", b"<p>se\0eds\0 and\0 tools</p>")),
        *packed(record("http://label.example/", wrong, kind="text/html; charset=utf-8")),
        *packed(record("http://nolabel.example/", wrong, kind="text/html; charset=no-such-charset")),
    ]
    return b"".join(part for one in hard for part in (next(sound), one)) + b"".join(sound)


def _rows() -> bytes:
    """Hostile rows of JSONL."""
    return b"\n".join(
        [
            b'{"url": "http://surrogate.example/", "text": "seeds \\ud800 and tools"}',
            '{"url": "http://line.example/", "text": "seeds \u2028 and \u0085 tools"}'.encode(),
            b'{"url": "http://wide.example/", "text": "' + b"w " * (25 * MIB) + b'"}',
            b'{"url": "http://cut.example/", "text": "seeds',
            b'{"url": "http://bytes.example/", "text": "seeds \xff\xfe tools"}',
            b"[" * 100_000,
            b'{"url": "http://last.example/", "text": "seeds"}',
        ]
    )


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], bytes]:
    folder = tmp_path_factory.mktemp("hard")
    (folder / "hard.warc.gz").write_bytes(_warc())
    (folder / "rows.jsonl").write_bytes(_rows())
    out = folder / "sweep"
    done = run("sweep", str(folder / "hard.warc.gz"), str(folder / "rows.jsonl"), "--out", str(out), "--workers", "1")
    assert done.returncode == 0, done.stderr.decode()
    return out, json.loads((out / "run.json").read_text()), done.stderr


def test_neighbours_of_hostile_pages_are_read(hard: tuple[Path, dict[str, object], bytes]) -> None:
    read = set(pages(hard[0]))
    assert read >= NEIGHBOURS
    assert "http://last.example/" in read


LEFT_OUT = [
    ("http://bomb.example/", "decompression_bomb"),
    ("rows.jsonl", "bad_json"),
]


@pytest.mark.parametrize(("where", "reason"), LEFT_OUT)
def test_left_out_by_reason(where: str, reason: str, hard: tuple[Path, dict[str, object], bytes]) -> None:
    assert {r for _, r in left_out(hard[0])[where]} == {reason}


def test_cut_and_bent_json_are_both_told_with_their_offsets(hard: tuple[Path, dict[str, object], bytes]) -> None:
    data = _rows()
    found = sorted(at for at, _ in left_out(hard[0])["rows.jsonl"])
    assert found == [data.index(b'{"url": "http://cut'), data.index(b"[[[")]


CUT = ["http://large.example/", "http://wide.example/"]


@pytest.mark.parametrize("url", CUT)
def test_a_page_too_large_is_cut_and_marked(url: str, hard: tuple[Path, dict[str, object], bytes]) -> None:
    row = pages(hard[0])[url]
    assert row["truncated"] is True


READ = [
    "http://nested.example/",
    "http://nul.example/",
    "http://label.example/",
    "http://nolabel.example/",
    "http://surrogate.example/",
    "http://line.example/",
    "http://bytes.example/",
]


@pytest.mark.parametrize("url", READ)
def test_odd_but_readable_pages_are_read(url: str, hard: tuple[Path, dict[str, object], bytes]) -> None:
    assert pages(hard[0])[url]["truncated"] is False


def test_a_wrong_charset_label_is_not_believed(hard: tuple[Path, dict[str, object], bytes]) -> None:
    assert pages(hard[0])["http://label.example/"]["charset"] in ("windows-1251", "cp1251")


def test_memory_stays_bounded(hard: tuple[Path, dict[str, object], bytes]) -> None:
    """Without pages of 500 MB in it, such a sweep takes some 300 MiB in its two processes."""
    peak = hard[1]["peak_bytes"]
    assert isinstance(peak, int)
    assert peak < 900 * MIB


def test_the_warning_counts_what_was_damaged(hard: tuple[Path, dict[str, object], bytes]) -> None:
    assert b"warning: 3 records could not be read whole" in hard[2]


def _damaged(kind: str) -> tuple[bytes, int]:
    """A file and the offset of the damage. The sound pages are 0 to 3."""
    words = b" ".join(b"%x" % (n * 7919) for n in range(4000))
    members = packed(page(0), page(1), record("http://harmed.example/", words), page(2), page(3))
    at = len(members[0]) + len(members[1])
    harmed = members[2]
    if kind == "truncated member":
        members[2] = harmed[: len(harmed) // 2]
    elif kind == "corrupt member":
        members[2] = harmed[:2000] + bytes(200) + harmed[2200:]
    elif kind == "wrong length":
        members[2] = gzip.compress(record("http://harmed.example/", b"x", length=10**6))
    elif kind == "cut at the end":
        members = [members[0], members[1], members[3], members[4], harmed[: len(harmed) // 2]]
        at = sum(map(len, members[:4]))
    return b"".join(members), at


DAMAGE = [
    ("truncated member", "truncated", True),  # what came of it is a page all the same, marked
    ("corrupt member", "corrupt_record", False),
    ("wrong length", None, True),  # no byte is lost: the length lied
    ("cut at the end", "truncated", True),
]


@pytest.mark.parametrize(("kind", "reason", "kept"), DAMAGE)
def test_damage_in_the_middle_costs_one_record(kind: str, reason: str | None, kept: bool, tmp_path: Path) -> None:
    """The rest is read; the damage is told with its offset and counted in a warning, and is no error."""
    data, at = _damaged(kind)
    crawl = tmp_path / "crawl.warc.gz"
    crawl.write_bytes(data)
    done = run("sweep", str(crawl), "--out", str(tmp_path / "out"), "--until", "extraction", "--workers", "1")
    assert done.returncode == 0
    read = pages(tmp_path / "out")
    assert {url: row["truncated"] for url, row in read.items() if "plain" in url} == {
        f"http://plain.example/{n}": False for n in range(4)
    }
    assert [r["truncated"] for url, r in read.items() if "harmed" in url] == [True] * kept
    told = [place for places in left_out(tmp_path / "out").values() for place in places]
    assert told == ([(at, reason)] if reason else [])
    assert (b"warning: 1 records" in done.stderr) == bool(reason)
