"""The addresses of scripts and frames."""

from __future__ import annotations

import pytest

from nohaven.extraction.frames import read_frames
from nohaven.extraction.markup import MarkUp

URLS = [
    "https://www.googletagmanager.com/gtag/js?id=G-X",
    "/own.js",
    "//hm.baidu.com/hm.js?0",
    "https://v.example/frame",
]


def test_trackers_and_scripts(marks: MarkUp) -> None:
    markup = (
        "".join(f"<script src='{u}'></script>" for u in URLS[:3])
        + f"<iframe src='{URLS[3]}'></iframe><script src=/own.js></script>"
    )
    for given in (markup, markup.encode()):
        scripts, trackers = read_frames(given, marks)
        assert list(scripts) == URLS
        assert list(trackers) == [URLS[0], URLS[2]]


CASES = [
    ("<script async\n SRC=/a.js></script>", ("/a.js",)),
    ('<IFRAME src="/f?a=1&amp;b=2" >', ("/f?a=1&b=2",)),
    ("<!-- <script src=/old.js></script> -->", ()),  # commented out
    ("<script>var src = 1;</script>", ()),
    ("<img src=/a.png>", ()),
    ("<script src=''></script>", ()),
    ("<script src=/cut", ()),
    ("", ()),
]


@pytest.mark.parametrize(("markup", "expected"), CASES)
def test_addresses(markup: str, expected: tuple[str, ...], marks: MarkUp) -> None:
    assert read_frames(markup, marks)[0] == expected
