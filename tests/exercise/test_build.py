"""The exercise: same bytes, complete truth, reserved names, and nothing that could hurt anyone."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from nohaven.errors import UserMistake
from nohaven.exercise import ExerciseFiles, build_exercise, build_world
from nohaven.exercise.operators import CATEGORIES
from nohaven.exercise.records import Page

PAGES = 400
CODECS = {"gb2312": "gb18030"}  # the label means more than it says, as on the web


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ExerciseFiles:
    return build_exercise(tmp_path_factory.mktemp("exercise"), PAGES, 7)


@pytest.fixture(scope="module")
def truth(built: ExerciseFiles) -> dict[str, dict[str, object]]:
    lines = [json.loads(line) for line in built.truth.read_text(encoding="utf-8").splitlines()]
    return {line["url"]: line for line in lines}


@pytest.fixture(scope="module")
def records(built: ExerciseFiles) -> list[tuple[str, str, int | None, str, str | None, bytes]]:
    """Type, URL, status, mime, charset and decoded body of each record."""
    seen = []
    with built.warc.open("rb") as stream:
        # not auto_decode="all": FastWARC 2.0.1 ends without a word after a record both gzipped and chunked
        for record in ArchiveIterator(stream, parse_http=True, auto_decode="transfer"):
            kind = record.headers["WARC-Type"]
            url = record.headers.get("WARC-Target-URI", "")
            if kind != "response":
                seen.append((kind, url, None, "", None, b""))
                continue
            mime, charset = record.http_content_type or "", record.http_charset
            body = record.reader.read()
            if record.http_headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            seen.append((kind, url, record.http_headers.status_code, mime, charset, body))
    return seen


@pytest.fixture(scope="module")
def large() -> list[Page]:
    return list(build_world(2000, 7).walk())


def test_the_same_seed_gives_the_same_bytes(built: ExerciseFiles, tmp_path: Path) -> None:
    again = build_exercise(tmp_path / "again", PAGES, 7)
    other = build_exercise(tmp_path / "other", PAGES, 8)
    for name in ("exercise.warc.gz", "truth.jsonl", "left_out_truth.json"):
        assert (again.warc.parent / name).read_bytes() == (built.warc.parent / name).read_bytes()
    assert other.warc.read_bytes() != built.warc.read_bytes()


def test_the_truth_is_complete_before_the_warc_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def watch(self: Path, target: Path) -> Path:
        assert not (tmp_path / "exercise.warc.gz").exists()
        assert len((tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()) == 50
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", watch)
    assert build_exercise(tmp_path, 50, 1).warc.exists()


@pytest.mark.parametrize("pages", [0, 49, 100_001])
def test_other_sizes_are_refused(tmp_path: Path, pages: int) -> None:
    with pytest.raises(UserMistake, match="50 to 100000"):
        build_exercise(tmp_path, pages)


def test_every_page_record_is_in_the_truth_and_the_rest_is_counted(
    built: ExerciseFiles, truth: dict, records: list
) -> None:
    seen: Counter[str] = Counter(dict.fromkeys(("warcinfo", "request", "metadata", "revisit"), 0))
    met: set[str] = set()
    for kind, url, status, mime, _, _ in records:
        if kind != "response":
            seen[kind] += 1
        elif status is not None and 300 <= status < 400:
            seen["redirect"] += 1
        elif status != 200:
            seen["error_status"] += 1
        elif mime != "text/html":
            seen["not_text"] += 1
        elif url in met:
            seen["repeat"] += 1
        else:
            met.add(url)
    assert met == set(truth)
    assert len(met) == built.pages == PAGES
    assert records[0][0] == "warcinfo"
    assert dict(seen) == json.loads((built.warc.parent / "left_out_truth.json").read_text())
    assert all(seen.values())


def test_planted_numbers_are_in_the_warc(truth: dict, records: list) -> None:
    bodies = {url: body for kind, url, status, mime, _, body in records if kind == "response" and mime == "text/html"}
    planted = 0
    for url, line in truth.items():
        text = re.sub(rb"[\s\x00-]", b"", bodies[url])  # spaced, hyphenated, and UTF-16's zero bytes
        for number in (*line["planted"]["cards"], *line["planted"]["resident_ids"]):
            planted += 1
            assert number.encode() in text, url
    assert planted > 10


def test_pages_decode_in_the_charset_they_name(records: list) -> None:
    for kind, url, status, mime, charset, body in records:
        if kind != "response" or status != 200 or mime != "text/html":
            continue
        if body[:2] == b"\xff\xfe":
            text = body.decode("utf-16")
        else:
            meta = re.search(rb'<meta charset="([^"]+)"', body)
            name = (charset or (meta[1].decode() if meta else "utf-8")).lower()
            text = body.decode(CODECS.get(name, name))
        assert "<title>" in text, url
        assert "\ufffd" not in text, url


def test_every_category_is_offered_in_both_languages(large: list[Page]) -> None:
    offered = {(offer.category, page.truth.language) for page in large for offer in page.truth.offers}
    assert offered == {(category, language) for category in CATEGORIES for language in ("en", "zh")}


def test_the_mix(large: list[Page]) -> None:
    offering = [page.truth for page in large if page.truth.offers]
    assert 0.2 < len(offering) / len(large) < 0.3
    assert 0.25 < sum(bool(one.disguises) for one in offering) / len(offering) < 0.42
    assert all(one.operator for one in offering)
    assert not [page.truth.url for page in large if page.truth.mention and page.truth.offers]
    kinds = {"report", "legal", "education", "help", "fiction", "licensed", None}
    assert {page.truth.mention for page in large} == kinds
    codecs = {"utf-8", "gb18030", "big5", "shift_jis", "cp1251", "utf-16"}
    assert {page.charset for page in large} == codecs
    assert len({page.truth.url for page in large}) == len(large)
    assert len({page.html for page in large}) == len(large)


def test_only_reserved_names_and_fictional_numbers(large: list[Page]) -> None:
    for page in large:
        for host in re.findall(r"https?://([^/\"'\s<?]+)", page.html + " " + page.truth.url):
            assert host.rpartition(".")[2] in ("example", "test", "invalid"), host
        for mail in re.findall(r"[\w.]+@[\w-]+\.[\w.-]*\w", page.html):
            assert re.search(r"\.(example|test|invalid)\b", mail), mail
        for phone in re.findall(r"\+\d[\d ]{7,}\d", page.html):
            assert re.match(r"\+44 7700 900\d{3}|\+1 \d{3} 555 01\d\d", phone), phone


def test_one_reserved_placeholder_and_no_other_age_cue(large: list[Page]) -> None:
    cue = re.compile(r"\b(child|children|minors?|underage)\b|儿童|未成年|years old|year-old|\d ?岁", re.IGNORECASE)
    reserved = [page for page in large if page.truth.reserved]
    assert len(reserved) == 1
    assert "<p>[sexual-term] 17 years old</p>" in reserved[0].html
    assert not reserved[0].truth.offers
    assert not [page.truth.url for page in large if not page.truth.reserved and cue.search(page.html)]
