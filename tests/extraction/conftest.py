"""The tools of extraction, made once, and captures of pages written for the tests."""

# ruff: noqa: E501 (cases and pages stand one a line)
from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

import pytest

from nohaven.extraction.folding import Folding, load_folding
from nohaven.extraction.language import Languages
from nohaven.extraction.lexicon import Lexicon
from nohaven.extraction.markup import MarkUp, load_mark_up
from nohaven.extraction.reading import Skim, Tools, read_contents, skim
from nohaven.records.capture import Capture
from nohaven.records.page import Contents

Read = Callable[..., tuple[Skim, Contents]]


def capture_of(payload: bytes | str, url: str = "https://site.example/", mime: str = "text/html", charset: str | None = None) -> Capture:  # fmt: skip
    """A capture of a payload; text is UTF-8."""
    body = payload if isinstance(payload, bytes) else payload.encode("utf-8")
    return Capture(url, body, sha256(body).hexdigest(), mime, "page", 0, len(body), charset=charset)


@pytest.fixture(scope="session")
def folding() -> Folding:
    return load_folding()


@pytest.fixture(scope="session")
def marks() -> MarkUp:
    return load_mark_up()


@pytest.fixture(scope="session")
def languages() -> Languages:
    return Languages()


@pytest.fixture(scope="session")
def tools(folding: Folding, marks: MarkUp, languages: Languages) -> Tools:
    return Tools(folding, marks, languages, Lexicon())


@pytest.fixture(scope="session")
def read(tools: Tools) -> Read:
    """Skim and contents of a payload."""

    def _read(payload: bytes | str, url: str = "https://site.example/", mime: str = "text/html", charset: str | None = None) -> tuple[Skim, Contents]:  # fmt: skip
        skimmed = skim(capture_of(payload, url, mime, charset), tools)
        return skimmed, read_contents(skimmed, tools)

    return _read
