"""Mutated pages and headers: nothing raises, nothing hangs, every place is true. NOHAVEN_FUZZ sets how many."""

# ruff: noqa: E501 (cases and pages stand one a line)
from __future__ import annotations

import dataclasses
import os
import time
from random import Random

from conftest import capture_of

from nohaven.extraction.reading import Tools, read_contents, skim
from nohaven.records.capture import Capture
from nohaven.records.lists import BLOCK_ROLES, PAGE_KINDS
from nohaven.records.page import joined
from nohaven.values.masking import mask_markup, mask_text
from nohaven.values.site import carrier_of, site_of

SECONDS = 5.0  # of processor time, for one page; the slowest seen takes a fiftieth

PAGES = (
    "<!doctype html><title>Rye &amp; loaf</title><meta name=description content='Fresh'><body class=home><nav><a href=/>Home</a></nav>"
    "<h1>Rye loaf</h1><p>Baked every morning. Card 4111 1111 1111 1111, call 400-555-0100.<br>g.u.n gl0ck</p><footer>end</footer>",
    "<html><meta charset=gbk><body><div class='t_f quote'>每天早上新鲜烘焙，木仓 支，發 票，微信</div><img alt=面包><input type=submit value=订购>",
    '<script type=\'application/ld+json\'>{"@type":["Product"],"name":"\\ud83c\\udf5e","offers":[{}]}</script><table><tr><td>1<td>2</table>',
    "Bread for sale.\n\nCall 13800138000, id 11010519491231002X\r\n\r\nрaypal ㏄ 𝐠𝐮𝐧 \u200b\u202e 🅖",
    "<frameset><frame src=a></frameset><noframes>x</noframes><svg><title>t</title></svg><template><p>y</template><select><option>z",
)
TOKENS = (
    "<", ">", "</", "<!--", "-->", "<![CDATA[", "&", "&#", "&#xD800;", "&#0;", ";", '"', "'", "=", "\x00", "\x1e", "\u2028", "\ufeff",
    "\u200b", "\u202e", "\U000e0041", "<div>", "</div>", "<table>", "<td>", "<br>", "<title>", "<script>", "<svg>", "<template>", "<p class=quote>",
    "<plaintext>", "<textarea>", "<frameset>", "<body>", "</body>", "<meta charset=utf-16>", "<meta charset=idna>", "<?xml encoding='hz'?>",
    "4111111111111111", "木仓", "枪 支", "㏄", "аb", "g.u.n", "gl0ck",
)  # fmt: skip
CHARSETS = (
    None,
    "utf-8",
    "gbk",
    "gb2312",
    "big5",
    "shift_jis",
    "euc-kr",
    "windows-1252",
    "utf-16",
    "utf-7",
    "idna",
    "undefined",
    "\x00",
    "é",
    "x" * 99,
)
CODECS = ("utf-8", "gb18030", "big5", "shift_jis", "utf-16", "cp1251")
URLS = (
    "https://site.example/",
    "https://t.me/s/a",
    "http://[::1]/?q=bread",
    "http://[bad/",
    "",
    "HTTP://A..B/%ff?q=%00%ff",
    "x:\ud800",
    "//é.example",
)


def mutated(rng: Random) -> Capture:
    """A page with some of its text and bytes changed, under some header and address."""
    text = rng.choice(PAGES)
    for _ in range(rng.randint(0, 12)):
        at, size = rng.randint(0, len(text)), rng.choice((0, 0, 1, 5, 40))
        middle = rng.choice(
            (rng.choice(TOKENS) * rng.choice((1, 1, 2, 300)), chr(rng.randrange(0x20000)), text[at : at + 80])
        )
        text = text[:at] + middle + text[at + size :]
    body = bytearray(text.encode(rng.choice(CODECS), "replace"))
    for _ in range(rng.choice((0, 0, 3, 30))):
        if body:
            body[rng.randrange(len(body))] = rng.randrange(256)
    payload = bytes(body[: rng.randint(0, len(body))] if rng.random() < 0.2 else body)
    mime = rng.choice(("text/html", "text/html", "application/xhtml+xml", "text/plain"))
    url = "".join(
        rng.choice(URLS) if rng.random() < 0.9 else chr(rng.randrange(0x3000)) for _ in range(rng.randint(1, 2))
    )
    capture = capture_of(payload, url, mime, rng.choice(CHARSETS))
    return dataclasses.replace(capture, truncated=rng.random() < 0.2)


def check(capture: Capture, tools: Tools) -> None:
    skimmed = skim(capture, tools)
    contents = read_contents(skimmed, tools)
    text = joined(contents.blocks)
    text.encode("utf-8")
    assert skimmed.page.kind in PAGE_KINDS
    for block in contents.blocks:
        assert block.role in BLOCK_ROLES
        assert text[block.start : block.start + len(block.text)] == block.text
    base = contents.views.base
    assert len(base.text) == len(base.starts) == len(base.ends)
    if base.text:
        assert (base.starts[1:] >= base.starts[:-1]).all()
        assert (base.ends > base.starts).all()
        assert int(base.ends[-1]) <= len(text)
    assert base.text.count("\n") == max(len(contents.blocks) - 1, 0)
    for side in contents.views.sides:
        for line in side.lines:
            place = side.origin(line.at, side.text.index("\n", line.at))
            assert place is not None
            assert 0 <= place[0] <= place[1] <= len(base.text)
    for masked, plain in ((mask_text(text), text), (mask_markup(text), text)):
        assert len(masked) == len(plain)
    assert (site_of(capture.url) is None) is (carrier_of(capture.url) is None)


def test_mutated_pages(tools: Tools) -> None:
    seed = int(os.environ.get("NOHAVEN_FUZZ_SEED", "20261124"))
    count = int(os.environ.get("NOHAVEN_FUZZ", "1000"))
    print(f"seed {seed}, {count} captures")
    for number in range(count):
        capture = mutated(Random(seed * 1_000_003 + number))
        began = time.process_time()
        try:
            check(capture, tools)
        except Exception as error:
            raise AssertionError(f"capture {number} of seed {seed}: {capture!r}") from error
        assert time.process_time() - began < SECONDS, f"capture {number} of seed {seed} took too long"
