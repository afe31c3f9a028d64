"""Card numbers and resident ids in every place and spelling, with and without an offer, stand in no output."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from .made import OFFER, all_text, packed, pages, record, sweep

CARD, RESIDENT = "4111111111111111", "11010519491231002X"
SPELLINGS = {
    "bare": lambda n: n,
    "spaced": lambda n: " ".join(n[i : i + 4] for i in range(0, len(n), 4)),
    "hyphenated": lambda n: "-".join(n[i : i + 4] for i in range(0, len(n), 4)),
    "full width": lambda n: "".join(chr(ord(c) + 0xFEE0) for c in n),
    "tagged": lambda n: f"{n[:4]}<b>{n[4:8]}</b>{n[8:]}",
    "entities": lambda n: "".join(f"&#{ord(c)};" for c in n),
}
PLACES = {
    "words": "<p>ref {} end</p>",
    "title": "<title>ref {} end</title>",
    "alt": '<img src="/i.png" width="90" height="90" alt="scan {} end">',
    "link": '<p><a href="/pay?no={}&x=1">pay</a></p>',
    "script": '<script>var a={{"ref":"{}"}}</script>',
    "meta": '<meta name="description" content="ref {} end">',
    "author": '<article><span itemprop="author">{}</span><p>words</p></article>',
    "json-ld": '<script type="application/ld+json">{{"@type":"Product","name":"{}","description":"{}"}}</script>',
    "comment": "<!-- {} -->",
    "hidden": '<input type="hidden" value="{}">',
}


def _crawl() -> list[bytes]:
    """A page for each number, place, spelling, with and without an offer; each also has the number in its URL."""
    records = []
    for number in (CARD, RESIDENT):
        for place, form in PLACES.items():
            for spelling, spelled in SPELLINGS.items():
                for words in (OFFER, "garden tools"):
                    url = f"http://{place.replace(' ', '')}{len(records)}.example/pay?no={number}&u={spelling[:2]}"
                    shown = form.replace("{}", spelled(number)).replace("{{", "{").replace("}}", "}")
                    body = f"<meta charset=utf-8>{shown}"
                    records.append(record(url, f"{body}<p>{words} {len(records)}</p>".encode(), f"X-Ref: {number}"))
    return packed(*records)


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("private")
    (folder / "crawl.warc.gz").write_bytes(b"".join(_crawl()))
    saved = folder / "saved"
    saved.mkdir()
    (saved / f"{CARD}.html").write_text(f"<p>{OFFER} {RESIDENT}", encoding="utf-8")
    (saved / f"{RESIDENT}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    sweep(folder / "crawl.warc.gz", saved, out=folder / "sweep")
    return folder / "sweep"


def _bare(text: str) -> str:
    """The text as a reader may put it together again: mark-up, entities, joints and widths undone."""
    text = html.unescape(re.sub(r"<[^<>]*>", "", text)) + text
    return re.sub(r"[\s.\-]", "", "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) <= 0xFF5E else c for c in text))


def test_no_number_stands_in_any_output(swept: Path) -> None:
    found = [(name, n) for name, text in all_text(swept) for n in (CARD, RESIDENT) if n in _bare(text)]
    assert found == []


def test_the_pages_were_read_and_their_offers_found(swept: Path) -> None:
    """Else the test above would say nothing."""
    assert len(pages(swept)) >= len(PLACES) * len(SPELLINGS) * 4
    offers = [text for name, text in all_text(swept) if name.endswith(".gz")]
    assert sum(text.count("WARC/1.1") for text in offers) >= len(PLACES) * len(SPELLINGS) * 2
    assert json.loads((swept / "run.json").read_text())["counts"]["kept"]["offers"] >= len(PLACES) * len(SPELLINGS) * 2
