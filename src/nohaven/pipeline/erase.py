"""Erases a site, a value or old pages from a sweep: from every table and every copy of a capture, on record.

The record says what kind of erasure was done and how much it took away, never the value. Rewritten files are made
under another name and moved into place, so that a stop in the middle leaves each file old or new, never half.
Opens also a folder whose sweep is not finished, under its lock.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from fastwarc.warc import WarcRecord

from nohaven.errors import UserMistake
from nohaven.intake.moment import moment
from nohaven.pipeline.erasure import Condition, Erasure, condition, texts
from nohaven.pipeline.finish import FINAL, PUBLISH
from nohaven.pipeline.sites import site_table
from nohaven.pipeline.spooled import blank_spooled
from nohaven.store.captures import ORIGINAL, CaptureWriter, members
from nohaven.store.sweep_folder import CAPTURES, ERASURES, PLAN, RUN, WORK, SweepFolder
from nohaven.store.tables import Row, write_arrow

_REBUILT = frozenset({"sites"})  # counted again from what is left
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HEAD_BYTES = 8192  # of a record, in which its charset is named


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages that go, by id, and their copies, by URL and hash of the payload as received."""

    ids: frozenset[str]
    copies: frozenset[tuple[str, str]]


def erase_from(folder: SweepFolder, erasure: Erasure, now: datetime) -> dict[str, int]:
    """Erase, and return how many rows and records went, by table. Also opens a folder whose sweep is not finished."""
    if not folder.path.is_dir() or not (folder.run_file.is_file() or folder.work.is_dir()):
        raise UserMistake(
            f"{folder.path} is not a sweep (it has no {RUN}); name the folder that `nohaven sweep` wrote."
        )
    _remove_leftovers(folder)
    goes = condition(erasure, now, _swept_at(folder))
    gone: Counter[str] = Counter({"standard input": blank_spooled(folder, goes)})
    pages = _find_pages(folder, goes)
    beside = folder.path.resolve()
    gone["judgements"] = _rewrite_judgements(beside.with_name(beside.name + ".judgements.jsonl"), goes, pages)
    for last in (False, True):
        gone += _rewrite_all(folder, goes, pages, last)
    _count_sites_again(folder)
    counts = {name: count for name, count in sorted(gone.items()) if count}
    _record(folder, erasure, counts, now)
    return counts


def _rewrite_all(folder: SweepFolder, goes: Condition, pages: _Pages, last: bool) -> Counter[str]:
    """Take out what goes only with its page (`last` False), or what goes by itself.

    In this order, so that an erasure that was stopped can be done again: what tells the rest goes last.
    """
    gone: Counter[str] = Counter()
    for file in _capture_files(folder.path):
        gone[CAPTURES] += _rewrite_captures(
            file, lambda record, member: _name_of(record) in pages.copies and goes(_copy_row(record, member)) is last
        )
    for file in _parquet_files(folder.path):
        name = _table_name(file, folder.path)
        if name not in _REBUILT:
            gone[name] += _rewrite_table(
                file, lambda row: goes(row) if last else row.get("page_id") in pages.ids and not goes(row)
            )
    return gone


def _count_sites_again(folder: SweepFolder) -> None:
    """The sites of what is left; while results are being moved into place, some lie there and some are still built."""
    for file in list(folder.path.rglob("sites.parquet")):
        half = file.with_suffix(".half")
        write_arrow(half, site_table(folder.path, folder.work / FINAL))
        half.replace(file)


def _swept_at(folder: SweepFolder) -> datetime:
    """When the sweep was done; of an unfinished one, when it was planned."""
    if folder.run_file.is_file():
        run = json.loads(folder.run_file.read_text(encoding="utf-8"))
        return datetime.fromisoformat(str(run["finished_at"]))
    plan = folder.work / PLAN
    return datetime.fromtimestamp((plan if plan.is_file() else folder.work).stat().st_mtime, UTC)


def _remove_leftovers(folder: SweepFolder) -> None:
    """Files that a stop left half written, which nothing reads again; built tables that will be built again."""
    for half in folder.path.rglob("*.half"):
        half.unlink()
    for name in ("tmp", "duckdb", *(() if (folder.work / PUBLISH).is_file() else (FINAL,))):
        shutil.rmtree(folder.work / name, ignore_errors=True)


def _find_pages(folder: SweepFolder, goes: Condition) -> _Pages:
    """Pages of which a row or a copy goes: all their rows and copies go with them."""
    copies = {_name_of(record) for file in _capture_files(folder.path) for record, row in _copies(file) if goes(row)}
    ids = {
        str(row["page_id"])
        for file in _parquet_files(folder.path)
        for row in _rows(file)
        if row.get("page_id") is not None and goes(row)
    }
    for file in _parquet_files(folder.path):
        if _table_name(file, folder.path) == "pages":
            for row in _rows(file):
                name = (str(row["url"]), str(row["payload_sha256"]))
                if row["page_id"] in ids or name in copies:
                    ids.add(str(row["page_id"]))
                    copies.add(name)
    return _Pages(frozenset(ids), frozenset(copies))


def _capture_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.warc.gz"))


def _copies(file: Path) -> Iterator[tuple[WarcRecord, Row]]:
    """The records of a file of copies, each with what it says: its head and body in every charset it may be in."""
    for record, member in members(file):
        yield record, _copy_row(record, member)


def _copy_row(record: WarcRecord, member: bytes) -> Row:
    raw = gzip.decompress(member)
    named = _CHARSET.search(raw[:_HEAD_BYTES])
    bodies = [_decoded(raw, c) for c in ("utf-8", "gb18030", named.group(1).decode() if named else "utf-8")]
    date = record.record_date
    known = date is not None and date.year > 1970  # the epoch stands for an unknown time
    return {
        "url": record.headers.get("WARC-Target-URI") or "",
        "captured_at": date if known else None,
        "bodies": bodies,
    }


def _decoded(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return ""


def _name_of(record: WarcRecord) -> tuple[str, str]:
    return record.headers.get("WARC-Target-URI") or "", record.headers.get(ORIGINAL) or ""


def _parquet_files(folder: Path) -> list[Path]:
    """Every table of the sweep, those of unfinished work included; new tables cannot be forgotten.

    `pages` come last: they say which copy is whose, which an erasure that is done again after a stop must know.
    """
    return sorted(folder.rglob("*.parquet"), key=lambda file: (_table_name(file, folder) == "pages", file))


def _rows(file: Path) -> Iterator[Row]:
    """Rows of a file, a batch at a time."""
    for batch in pq.ParquetFile(file).iter_batches(batch_size=4096):
        yield from batch.to_pylist()


def _table_name(file: Path, root: Path) -> str:
    """The table that a file belongs to."""
    parent = file.parent
    in_units = WORK in file.relative_to(root).parts
    return file.stem if parent == root or (in_units and parent.parent.name == "units") else parent.name


def _rewrite_table(file: Path, goes: Callable[[Row], bool]) -> int:
    """Write a file again without the rows that go. Returns their number; untouched files stay as they are."""
    rows = list(_rows(file))
    keep = [not goes(row) for row in rows]
    if all(keep):
        return 0
    table = pq.read_table(file).filter(pa.array(keep))
    half = file.with_suffix(".half")
    write_arrow(half, table)
    half.replace(file)
    return keep.count(False)


def _rewrite_captures(file: Path, goes: Callable[[WarcRecord, bytes], bool]) -> int:
    """Write copies of captures again without those that go."""
    half = file.with_suffix(".half")
    writer = CaptureWriter(half)
    gone = kept = 0
    for record, member in members(file):
        if goes(record, member):
            gone += 1
            continue
        kept += 1
        writer.write_member(member)
    writer.close()
    if not gone:
        half.unlink(missing_ok=True)
    elif kept:
        half.replace(file)
    else:
        file.unlink()
    return gone


def _rewrite_judgements(file: Path, goes: Condition, pages: _Pages) -> int:
    """Judgements beside the sweep that speak of what goes, or of a page that does."""
    if not file.is_file():
        return 0
    lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    urls = {url for url, _ in pages.copies}
    kept = [line for line in lines if not _judgement_goes(json.loads(line), goes, pages.ids | urls)]
    half = file.with_suffix(".half")
    half.write_text("".join(line + "\n" for line in kept), encoding="utf-8")
    shutil.copymode(file, half)
    half.replace(file)
    return len(lines) - len(kept)


def _judgement_goes(judgement: object, goes: Condition, names: frozenset[str]) -> bool:
    """A block's id begins with its page's."""
    if not isinstance(judgement, dict):
        return False
    return goes(_timed(judgement)) or any(t in names or t.split("-", 1)[0] in names for t in texts(judgement))


def _timed(judgement: dict[str, object]) -> Row:
    """A judgement with its times as times."""
    return judgement | {n: moment(v) or v for n, v in judgement.items() if n.endswith(("_at", "_seen"))}


def _record(folder: SweepFolder, erasure: Erasure, counts: dict[str, int], now: datetime) -> None:
    """One line in the record of erasures: no value, no site, only what kind and how much."""
    line: dict[str, object] = {"erased_at": now.astimezone(UTC).isoformat(), "by": erasure.kind, "rows": counts}
    if erasure.older_than_days is not None:
        line["days"] = erasure.older_than_days
    path = folder.path / ERASURES
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
