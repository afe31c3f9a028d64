"""Erasing: whatever table or file there is, nothing of what was named is left, and all else is."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from nohaven.cli.erase import erase as command
from nohaven.detection.rulebook import load_rulebook
from nohaven.engines.embedded import Settings, run_units
from nohaven.errors import UserMistake
from nohaven.pipeline import erase as erasing
from nohaven.pipeline.erase import erase_from
from nohaven.pipeline.erasure import Erasure
from nohaven.pipeline.plan import Asked, make_plan
from nohaven.pipeline.unit import WorkSettings
from nohaven.records.capture import Bounds
from nohaven.store.cache import cache_folder
from nohaven.store.sweep_folder import SweepFolder
from nohaven.store.tables import read_table, write_arrow

from .made import OFFER, all_text, packed, page, pages, record, run, sweep

GONE = "gone-id-4242"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
SELLS = OFFER.replace("example-id-77", GONE)


def _crawl(path: Path) -> Path:
    """Two sites with the same words, a value in plain, entity, percent and gb18030 spelling, and a picture."""
    entity = "".join(f"&#{ord(c)};" for c in GONE)
    sold = "<title>店</title><p>" + SELLS + "</p>"
    path.write_bytes(
        b"".join(
            packed(
                record(
                    "http://gone.example/1", f"<title>店</title><p>{OFFER} 1".encode(), kind="text/html; charset=utf-8"
                ),
                record("http://gone.example/2", b"<p>garden tools"),
                record("http://www.gone.example/3", b"", kind="image/png"),
                record(
                    "http://stays.example/1", f"<title>店</title><p>{OFFER} 2".encode(), kind="text/html; charset=utf-8"
                ),
                record("http://stays.example/2", sold.encode(), kind="text/html; charset=utf-8"),
                record("http://stays.example/3", sold.encode("gb18030"), kind="text/html; charset=gb18030"),
                record(
                    "http://stays.example/4", f"<title>店</title><p>{OFFER} 4</p><i title='{entity}'>x</i>".encode()
                ),
                record(f"http://stays.example/5?u={GONE.replace('-', '%2D')}", b"<p>seeds"),
                page(6, host="stays.example"),
            )
        )
    )
    return path


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("swept")
    sweep(_crawl(folder / "crawl.warc.gz"), out=folder / "sweep")
    return folder / "sweep"


@pytest.fixture
def copy(swept: Path, tmp_path: Path) -> Path:
    """A copy of the sweep with tables of later stages filled and judgements beside it."""
    out = tmp_path / "sweep"
    shutil.copytree(swept, out)
    for name, row in _LATER.items():
        schema = read_table(out / f"{name}.parquet").schema
        write_arrow(out / f"{name}.parquet", pa.Table.from_pylist([row], schema=schema))
    offer = next(r for r in read_table(out / "offers").to_pylist() if r["url"] == "http://gone.example/1")
    judgements = [
        {"offer_id": offer["offer_id"], "block_id": offer["block_id"], "judgement": "confirm"},
        {"site": "gone.example", "judgement": "same"},
        {"note": f"asked {GONE}"},
        {"site": "stays.example", "judgement": "unsure"},
    ]
    lines = "".join(json.dumps(j) + "\n" for j in judgements)
    (tmp_path / "sweep.judgements.jsonl").write_text(lines, encoding="utf-8")
    return out


_OLD = datetime(2026, 1, 1, tzinfo=UTC)
_LATER: Mapping[str, Mapping[str, object]] = {
    "links": {"site_a": "stays.example", "site_b": "gone.example", "relation": "same_operator", "score": 0.5},
    "groups": {"group_id": "g1", "site": "gone.example", "joined_at": _OLD},
    "registrations": {"site": "gone.example", "findings": [GONE], "checked_at": _OLD},
    "hosting": {"site": "gone.example", "seen_at": _OLD},
    "abuse_contacts": {"site": "gone.example", "value": "abuse@host.example"},
    "escalations": {"url": "http://gone.example/x", "payload_sha256": "00", "captured_at": _OLD},
}


def _left(out: Path, *words: str) -> list[str]:
    """Names of the files in which a word is left; run.json tells of the inputs, not of what they held."""
    return sorted({n for n, text in all_text(out) for w in words if w in text and n != "run.json"})


def test_a_site_goes_from_every_table_and_copy(copy: Path) -> None:
    before = len(pages(copy))
    done = run("erase", str(copy), "--site", "gone.example")
    assert done.returncode == 0, done.stderr.decode()
    assert _left(copy, "gone.example") == []
    assert "unsure" in (copy.parent / "sweep.judgements.jsonl").read_text(encoding="utf-8")
    assert len(pages(copy)) == before - 2
    (line,) = (copy / "erasures.jsonl").read_text(encoding="utf-8").splitlines()
    assert "gone" not in line
    assert (
        json.loads(line)["rows"].items() >= {"pages": 2, "offers": 1, "captures": 2, "left_out": 1, "groups": 1}.items()
    )
    assert read_table(copy / "sites.parquet")["site"].to_pylist() == ["stays.example"]


def test_a_value_goes_in_whatever_spelling(copy: Path) -> None:
    done = run("erase", str(copy), "--value", GONE)
    assert done.returncode == 0, done.stderr.decode()
    assert _left(copy, GONE, GONE.replace("-", "%2D"), "&#103;&#111;&#110;") == []
    assert set(pages(copy)) == {
        f"http://{x}" for x in ("gone.example/1", "gone.example/2", "stays.example/1", "stays.example/6")
    }
    assert json.loads((copy / "erasures.jsonl").read_text(encoding="utf-8"))["by"] == "value"


@pytest.mark.parametrize(("age", "left"), [(49, 8), (47, 0)])
def test_what_is_older_goes(age: int, left: int, copy: Path) -> None:
    """The crawl is of 1 October, fifty days ago save one; rows that tell no time are as old as the sweep."""
    now = datetime(2026, 10, 1, 12, tzinfo=UTC) + timedelta(days=48)
    erase_from(SweepFolder(copy), Erasure(older_than_days=age), now)
    assert len(pages(copy)) == left
    assert read_table(copy / "offers").num_rows == (5 if left else 0)
    assert bool(list((copy / "captures").iterdir())) == bool(left)


def test_rows_without_a_time_are_as_old_as_their_sweep(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"url": f"http://a.example/{n}", "text": f"{OFFER} {n}"}) + "\n" for n in range(3))
    (tmp_path / "rows.jsonl").write_text(rows, encoding="utf-8")
    sweep(tmp_path / "rows.jsonl", out=tmp_path / "out")
    later = datetime.now(UTC) + timedelta(days=10)
    erase_from(SweepFolder(tmp_path / "out"), Erasure(older_than_days=11), later)
    assert len(pages(tmp_path / "out")) == 3
    erase_from(SweepFolder(tmp_path / "out"), Erasure(older_than_days=9), later)
    assert pages(tmp_path / "out") == {}
    assert _left(tmp_path / "out", "a.example") == []


def test_nothing_else_changes_and_nothing_named_is_no_error(copy: Path) -> None:
    before = {n: hashlib.sha256(t.encode()).hexdigest() for n, t in all_text(copy)}
    assert run("erase", str(copy), "--site", "nowhere.example").returncode == 0
    after = {n: hashlib.sha256(t.encode()).hexdigest() for n, t in all_text(copy)}
    assert {n for n in after if after[n] != before.get(n)} == {"erasures.jsonl"}


def _unfinished(inputs: list[str], out: Path) -> None:
    """All units done, the last step not; and what a killed worker and a killed erasure leave."""
    asked = Asked("detection", Bounds().max_page_bytes, 20.0, None, 1)
    plan = make_plan(inputs, asked, load_rulebook().sha256, SweepFolder(out))
    work = WorkSettings(asked.bounds, asked.until, asked.page_seconds, cache_folder())
    run_units(plan.units, out / ".work", work.make, Settings(1), lambda _: None)
    half = out / ".work" / "tmp" / "000009-1-ff"
    half.mkdir(parents=True)
    (half / "pages.parquet").write_bytes(b"PAR1 gone.example cut")
    (out / ".work" / "units" / "000000" / "pages.half").write_bytes(b"gone.example")


def test_a_folder_that_is_not_finished(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _unfinished([str(_crawl(tmp_path / "crawl.warc.gz"))], out)
    done = run("erase", str(out), "--site", "gone.example")
    assert done.returncode == 0, done.stderr.decode()
    assert b"is not finished; erase again after --resume" in done.stderr
    assert _left(out, "gone.example") == []
    sweep(out=out, resume=True)
    assert _left(out, "gone.example") == []
    assert len(pages(out)) == 6


def _on_standard_input(data: bytes, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = out.with_suffix(".in")
    source.write_bytes(data)
    with source.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        _unfinished(["-"], out)
    source.unlink()


def test_the_copy_of_standard_input_of_a_folder_that_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows become blanks, so that what was read already keeps its offsets."""
    rows = [{"url": f"http://{h}.example/{n}", "text": f"seeds {n}"} for n, h in enumerate(["stays", "gone", "stays"])]
    out = tmp_path / "out"
    _on_standard_input("\n".join(map(json.dumps, rows)).encode(), out, monkeypatch)
    size = (out / ".work" / "stdin").stat().st_size
    assert erase_from(SweepFolder(out), Erasure(site="gone.example"), NOW)["standard input"] == 1
    assert _left(out, "gone.example") == []
    assert (out / ".work" / "stdin").stat().st_size == size
    sweep(out=out, resume=True)
    assert set(pages(out)) == {"http://stays.example/0", "http://stays.example/2"}


def test_a_warc_on_standard_input_is_told_to_be_finished_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    _on_standard_input(_crawl(tmp_path / "crawl.warc.gz").read_bytes(), out, monkeypatch)
    before = sorted(read_table(out / ".work" / "units" / "000000" / "pages.parquet")["url"].to_pylist())
    with pytest.raises(UserMistake, match="finish the sweep with --resume"):
        erase_from(SweepFolder(out), Erasure(site="gone.example"), NOW)
    assert sorted(read_table(out / ".work" / "units" / "000000" / "pages.parquet")["url"].to_pylist()) == before
    erase_from(SweepFolder(out), Erasure(site="nowhere.example"), NOW)


class _Stopped(BaseException):
    """Stands for a kill."""


def _stop_at(count: int, function: Callable[..., int]) -> Callable[..., int]:
    calls = iter(range(10_000))

    def stopping(*arguments: object) -> int:
        if next(calls) == count:
            raise _Stopped
        return function(*arguments)

    return stopping


@pytest.mark.parametrize("erasure", [Erasure(site="gone.example"), Erasure(value=GONE)])
def test_an_erasure_that_was_stopped_can_be_done_again(
    erasure: Erasure, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped before each file in turn, then begun again: what tells the rest must be the last to go."""
    shutil.copytree(copy, tmp_path / "at once")
    erase_from(SweepFolder(tmp_path / "at once"), erasure, NOW)
    kept = set(pages(tmp_path / "at once"))
    real = erasing._rewrite_table
    stops = 0
    for at in range(100):
        monkeypatch.setattr(erasing, "_rewrite_table", _stop_at(at, real))
        try:
            erase_from(SweepFolder(copy), erasure, NOW)
            break
        except _Stopped:
            stops += 1
    assert stops > 10
    assert set(pages(copy)) == kept, "a page whose copy alone told of it was forgotten"
    assert set(read_table(copy / "offers")["url"].to_pylist()) <= kept
    assert _left(copy, "gone.example" if erasure.site else GONE, "\0") == []


WRONG = [
    ((), b"Name one thing to erase"),
    (("--site", "a.example", "--value", "b"), b"Name one thing to erase"),
    (("--value", " "), b"--value is empty"),
    (("--site", ""), b"--site is empty"),
    (("--older-than", "-1"), b"--older-than"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong_options_are_one_line(options: tuple[str, ...], words: bytes, swept: Path) -> None:
    done = run("erase", str(swept), *options)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().split(b"\n")) == 1
    assert not (swept / "erasures.jsonl").exists()


def test_a_folder_that_is_no_sweep(tmp_path: Path) -> None:
    assert command.name == "erase"
    done = run("erase", str(tmp_path), "--site", "a.example")
    assert done.returncode == 2
    assert list(tmp_path.iterdir()) == []
