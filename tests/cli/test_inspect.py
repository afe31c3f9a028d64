"""`inspect`: every input that a sweep takes, pages of a sweep, rows from standard input, hostile text."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

OFFER = "出售枪支弹药，货到付款，微信 example-id-77"
KEYS = ["id", "language", "stance", "category", "score", "band", "offers", "sightings"]
OFFER_KEYS = {"category", "stance", "score", "quote", "reasons"}
CARD, RESIDENT = "4111111111111111", "11010519491231002X"


def _run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "nohaven.cli.main", *arguments]
    return subprocess.run(command, capture_output=True, input=given, check=False, timeout=120)


def _record(url: str, body: str, kind: str = "response") -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body.encode()
    head = f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2026-10-01T12:00:00Z\r\n"
    return gzip.compress(
        f"{head}WARC-Target-URI: {url}\r\nContent-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
    )


def _inputs(folder: Path) -> Path:
    """One offer in each form of input."""
    (folder / "crawl.warc.gz").write_bytes(_record("http://gun.example/", f"<title>店</title><p>{OFFER}"))
    (folder / "page.html").write_text(f"<meta charset=utf-8><title>店</title><p>{OFFER}", encoding="utf-8")
    (folder / "rows.jsonl").write_text(json.dumps({"url": "http://gun.example/", "text": OFFER}), encoding="utf-8")
    (folder / "saved").mkdir()
    (folder / "saved" / "a.html").write_text(f"<meta charset=utf-8><p>{OFFER}", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["crawl.warc.gz", "page.html", "rows.jsonl", "saved"])
def test_every_form_of_input(name: str, tmp_path: Path) -> None:
    done = _run("inspect", str(_inputs(tmp_path) / name), "--json")
    assert done.returncode == 0, done.stderr.decode()
    (line,) = done.stdout.decode().strip().split("\n")
    told = json.loads(line)
    assert (told["stance"], told["category"], told["band"]) == ("offer", "weapons", "offer")
    assert "example-id-77" in told["offers"][0]["quote"]


def test_the_account_to_read_says_what_and_why(tmp_path: Path) -> None:
    done = _run("inspect", str(_inputs(tmp_path) / "page.html"))
    said = done.stdout.decode()
    assert "OFFER weapons" in said
    assert "出售枪支" in said
    assert "sum, log-odds" in said
    assert "weapons." in said, "no rule is named"


def test_pages_of_a_sweep(tmp_path: Path) -> None:
    """With its card masked in the sweep, a page is found by the URL that the reader knows."""
    url = f"http://gun.example/?no={CARD}"
    (tmp_path / "crawl.warc.gz").write_bytes(_record(url, f"<title>店</title><p>{OFFER} {CARD}"))
    out = tmp_path / "out"
    assert _run("sweep", str(tmp_path / "crawl.warc.gz"), "--out", str(out), "--workers", "1").returncode == 0
    done = _run("inspect", "--sweep", str(out), url, "--json")
    assert json.loads(done.stdout)["category"] == "weapons"
    assert CARD not in done.stdout.decode()
    missing = _run("inspect", "--sweep", str(out), "http://other.example/")
    assert (missing.returncode, missing.stdout) == (2, b"")
    no_sweep = _run("inspect", "--sweep", str(tmp_path), url)
    assert no_sweep.returncode == 2
    assert len(no_sweep.stderr.strip().split(b"\n")) == 1


RESERVED = "[sexual-term] 14 岁"
ROWS: list[tuple[bytes, str, str]] = [
    (json.dumps({"id": "offer", "text": OFFER}).encode(), "offer", "offer"),
    (json.dumps({"id": "html", "url": "http://a.example/", "html": f"<p>{OFFER}"}).encode(), "html", "offer"),
    (json.dumps({"id": "null url", "url": None, "text": OFFER}).encode(), "null url", "offer"),
    (json.dumps({"id": "plain", "text": "garden tools"}).encode(), "plain", "none"),
    (json.dumps({"id": 7, "text": "garden tools"}).encode(), "7", "none"),
    (b'{"id": "\\ud800", "text": "lone \\udc00 surrogates"}', "\ud800", "none"),
    (b'{"id": "bytes", "text": "\xff\xfe"}', "bytes", "none"),
    ('{"id": "\u2028", "text": "a line \u2028 separator"}'.encode(), "\u2028", "none"),
    (b'{"id": "both", "text": "a", "html": "b"}', "both", "none"),
    (b'{"id": "neither"}', "neither", "none"),
    (b'{"id": "empty", "text": " "}', "empty", "none"),
    (b'{"id": "wrong", "text": 5}', "wrong", "none"),
    (b"[1, 2]", "12", "none"),
    (b"no json", "13", "none"),
    (b"[" * 100_000, "14", "none"),
    (b'{"id": 1' + b"1" * 5000 + b"}", "15", "none"),
    (json.dumps({"id": "nested", "html": "<div>" * 50_000 + "deep"}).encode(), "nested", "none"),
]


def test_a_row_in_is_a_row_out_with_exactly_these_keys() -> None:
    done = _run("inspect", "-", "--jsonl", given=b"\n".join(line for line, _, _ in ROWS))
    assert done.returncode == 0, done.stderr.decode()[-500:]
    answers = [json.loads(line) for line in done.stdout.decode().split("\n") if line]
    assert [(a["id"], a["stance"]) for a in answers] == [(name, stance) for _, name, stance in ROWS]
    assert all(list(a) == KEYS for a in answers)
    assert all(set(o) == OFFER_KEYS and o["reasons"] for a in answers for o in a["offers"])
    assert all((a["category"], a["score"], a["band"]) == (None, None, None) for a in answers if a["stance"] == "none")


def test_the_answer_about_a_reserved_page_tells_nothing_of_it() -> None:
    row = {"id": "r", "text": f"<p>{RESERVED}</p> {OFFER}"}
    done = _run("inspect", "-", "--jsonl", given=json.dumps(row).encode())
    nothing = dict.fromkeys(KEYS) | {"id": "r", "stance": "none", "offers": [], "sightings": [], "reserved": True}
    assert json.loads(done.stdout) == nothing


HOSTILE = "\x1b]0;owned\x07\x1b[31m\x9b31m\u202egnp.exe [bold red]x[/] [/nothing] [link=http://e.example]y"


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_hostile_text_has_no_effect_on_a_terminal(more: tuple[str, ...], tmp_path: Path) -> None:
    """In the title and words of pages with an offer and without: no control code, no bidi override, no mark-up."""
    rows = [
        {"url": "http://a.example/\u202e", "html": f"<title>{HOSTILE}</title><p>{OFFER} {HOSTILE}"},
        {"url": "http://b.example/[bold]", "html": f"<title>{HOSTILE}</title><p>weapons {HOSTILE}"},
        {"url": "http://c.example/", "html": " "},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = _run("inspect", str(tmp_path / "rows.jsonl"), *more)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    said = done.stdout.decode()
    assert {c for c in said if unicodedata.category(c) in ("Cc", "Cf", "Cs") and c != "\n"} == set()
    if not more:
        assert "[bold red]x[/]" in re.sub(r"\s+", " ", said)


def test_numbers_of_persons_are_not_printed(tmp_path: Path) -> None:
    """In URL, title, words and what is left out, on a page with an offer and on one without."""
    rows = [
        {"url": f"http://a.example/?no={CARD}", "html": f"<title>{RESIDENT}</title><p>{OFFER} 4111 1111 1111 1111"},
        {"url": f"http://b.example/?no={CARD}", "html": f"<title>{CARD}</title><p>tools <img alt='{RESIDENT}'>"},
        {"url": f"http://c.example/?no={CARD}", "html": " "},
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    for more in ((), ("--json",)):
        said = re.sub(r"[\s-]", "", _run("inspect", str(tmp_path / "rows.jsonl"), *more).stdout.decode())
        assert CARD not in said
        assert RESIDENT not in said
