"""Captures bent at random through the whole chain: no crash, answers that fit their tables, nothing cut in half.

NOHAVEN_FUZZ sets how many, NOHAVEN_FUZZ_SEED where to begin; the seed of a failing capture is in its message.
"""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from nohaven.errors import UserMistake
from nohaven.intake.doors import door_of
from nohaven.pipeline.answer import account
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.pipeline.rows import audit_row, finding_row, page_row
from nohaven.records.capture import Bounds, Capture, Unit
from nohaven.store.cache import cache_folder
from nohaven.store.captures import CaptureWriter
from nohaven.store.tables import PAGES, REVIEW, write_table

from .made import OFFER, packed, record

COUNT = int(os.environ.get("NOHAVEN_FUZZ", "500"))
SEED = int(os.environ.get("NOHAVEN_FUZZ_SEED", str(random.SystemRandom().randrange(1 << 30))))
SECONDS = 10.0  # for one page of some kB, on a busy machine
WORDS = [
    *(
        OFFER,
        "出售",
        "微信",
        "代开发票",
        "buy weed online telegram",
        "fake passport for sale",
        "police arrested dealers",
    ),
    *(
        "escrow",
        "4111 1111 1111 1111",
        "11010519491231002X",
        "v\u200bx",
        "\u202e",
        "\ufeff",
        "é",
        "\U0001f52b",
        "\x00",
        "&#x1F52B;",
    ),
    *(
        "<b>",
        "</p>",
        "<table><tr><td>",
        "<div itemprop=author>",
        "<!--",
        "<script>",
        "]]>",
        "<title>",
        "<form><input type=password>",
    ),
    *(
        "<article>",
        "<blockquote>",
        "<nav>",
        "<a href='//x.example/?q=出售枪支'>",
        "&amp;&",
        "\u2028",
        "\ud7ff",
        "ｗｅａｐｏｎ",
        "１８",
    ),
]
CHARSETS = ["utf-8", "gb18030", "big5", "shift_jis", "euc-kr", "windows-1251", "utf-16", "iso-2022-jp"]
LABELS = [*CHARSETS, "", "no-such", "gb2312", "utf-7"]
URLS = [
    "http://a.example/",
    "http://论坛.example/~u?q=出售",
    "http://[::1]/x",
    "https://t.me/name",
    "http://x.onion/%zz",
    "urn:a",
]


@pytest.fixture(scope="module")
def chain() -> Chain:
    return load_chain(cache_folder())


def bent(choice: random.Random) -> tuple[str, bytes]:
    """A WARC or JSONL file with one page, bent in its text, its charset, its label or its bytes."""
    text = " ".join(choice.choices(WORDS, k=choice.randrange(1, 60)))
    if choice.random() < 0.3:
        text = "<html><head><title>t</title></head><body>" + text * choice.randrange(1, 20)
    if choice.random() < 0.3:
        return "a.jsonl", json.dumps({"url": choice.choice(URLS), choice.choice(["html", "text"]): text}).encode()
    body = bytearray(text.encode(choice.choice(CHARSETS), "ignore"))
    for _ in range(choice.choice([0, 0, 1, 5, 50])):
        body[choice.randrange(len(body) + 1) : choice.randrange(len(body) + 1)] = choice.randbytes(choice.randrange(3))
    kind = f"{choice.choice(['text/html', 'text/plain', 'application/xhtml+xml'])}; charset={choice.choice(LABELS)}"
    return "a.warc.gz", b"".join(packed(record(choice.choice(URLS), bytes(body), kind=kind)))


def captures_in(path: Path) -> list[Capture]:
    door = door_of(path, path.name)
    unit = Unit(0, path.name, str(path), door.name, 0, path.stat().st_size)
    return [t for t in door.read(unit, Bounds(max_page_bytes=20_000), lambda _: None, {}) if isinstance(t, Capture)]


def test_no_bent_capture_breaks_the_chain(chain: Chain, tmp_path: Path) -> None:
    print(f"seed {SEED}, {COUNT} captures")
    begun, done, seed = time.monotonic(), 0, SEED
    while done < COUNT:
        choice = random.Random(seed)
        name, data = bent(choice)
        (tmp_path / name).write_bytes(data)
        started = time.monotonic()
        try:
            captures = captures_in(tmp_path / name)
            for capture in captures:
                check(capture, chain, tmp_path, unjudged=choice.random() < 0.5)
        except UserMistake:
            captures = []
        except BaseException as error:
            raise AssertionError(f"NOHAVEN_FUZZ_SEED={seed} NOHAVEN_FUZZ=1: {error!r}") from error
        assert time.monotonic() - started < SECONDS, f"seed {seed}"
        done += len(captures)
        seed += 1
        assert seed < SEED + 3 * COUNT + 10, "most files held no capture"
    print(f"{done} captures in {time.monotonic() - begun:.1f} s")


def check(capture: Capture, chain: Chain, folder: Path, unjudged: bool) -> None:
    """What the chain says of a capture fits its tables, and every quote stands in its block."""
    outcome = chain.unjudged(capture) if unjudged else chain.outcome(capture)
    found = [finding_row(outcome, finding) for finding in outcome.verdict.findings]
    audit = audit_row(outcome)
    write_table(folder / "pages.parquet", [page_row(outcome)], PAGES)
    write_table(folder / "review.parquet", [*found, *([audit] if audit else [])], REVIEW)
    json.dumps(account(outcome), ensure_ascii=False).encode()
    writer = CaptureWriter(folder / "copy.gz")
    writer.write(capture, outcome.page.charset)
    writer.close()
    for row in found:
        assert str(row["quote"]) in str(row["block"])
