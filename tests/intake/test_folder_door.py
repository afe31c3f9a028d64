"""Folders of saved pages, and single pages."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from nohaven.intake.plan import plan_units
from nohaven.records.capture import Bounds, Capture, LeftOut

from .warcs import HTML, read_all

PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)

FILES = [
    ("a.html", HTML, "text/html"),
    ("a.HTM", HTML, "text/html"),
    ("a.xhtml", HTML, "application/xhtml+xml"),
    ("a.txt", b"<p>text is text", "text/plain"),
    ("page", HTML, "text/html"),  # no suffix: by its first bytes
    ("notes", b"words", "text/plain"),
    ("index.php", b"\n<!DOCTYPE html>", "text/html"),
    ("a.html", b"\0\0binary but called a page", "text/html"),  # the name is believed, as a header is
    ("a.png", PNG, "not_text"),
    ("a.html", PNG, "not_text"),
    ("data", b"\0\1\2\3", "not_text"),
    ("a.css", b"p {}", "not_text"),
    ("a.json", b"{}", "not_text"),
    ("a.html", b"", "empty"),
    ("a.txt", b" \n", "empty"),
]


@pytest.mark.parametrize(("name", "content", "answer"), FILES)
def test_file(tmp_path: Path, name: str, content: bytes, answer: str) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / name).write_bytes(content)
    ((row,), _, _) = read_all(folder)
    if answer in ("not_text", "empty"):
        assert isinstance(row, LeftOut)
        assert row.reason == answer
    else:
        assert isinstance(row, Capture)
        assert (row.mime, row.payload, row.payload_sha256) == (answer, content, hashlib.sha256(content).hexdigest())
        assert (row.offset, row.length, row.captured_at, row.http_status) == (0, len(content), None, None)


def test_paths_are_sorted_quoted_and_without_the_machine(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    for name in ("b/two words.html", "a/商店.html", "a.html", "b/1%.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(HTML)
    rows = read_all(folder)[0]
    assert [row.input for row in rows] == [
        "pages/a.html",
        "pages/a/商店.html",
        "pages/b/1%.html",
        "pages/b/two words.html",
    ]
    assert [row.url for row in rows] == [
        "file:///a.html",
        "file:///a/%E5%95%86%E5%BA%97.html",
        "file:///b/1%25.html",
        "file:///b/two%20words.html",
    ]
    assert str(tmp_path) not in repr(rows)


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / os.fsdecode(b"\xff\n.html")).write_bytes(HTML)
    ((row,), _, _) = read_all(folder)
    assert row.url == "file:///%FF%0A.html"
    assert row.input.encode() == "pages/\ufffd\n.html".encode()  # can be written to any table


def test_links(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "real.html").write_bytes(HTML)
    (tmp_path / "secret.html").write_bytes(b"outside")
    (tmp_path / "more").mkdir()
    (folder / "a-inside.html").symlink_to("real.html")
    (folder / "b-outside.html").symlink_to(tmp_path / "secret.html")
    (folder / "c-outside").symlink_to(tmp_path / "more")
    (folder / "d-nowhere.html").symlink_to("nothing.html")
    (folder / "e-round.html").symlink_to("e-round.html")
    (folder / "sub" / "f-parent").symlink_to("..")
    rows = read_all(folder)[0]
    answers = {row.input: row.reason if isinstance(row, LeftOut) else row.payload for row in rows}
    assert answers == {
        "pages/a-inside.html": HTML,
        "pages/b-outside.html": "outside_folder",
        "pages/c-outside": "outside_folder",
        "pages/d-nowhere.html": "unreadable",
        "pages/e-round.html": "unreadable",
        "pages/real.html": HTML,
        "pages/sub/f-parent": "not_text",
    }


def test_unreadable_files_and_pipes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_bytes(HTML)
    (folder / "b.html").write_bytes(HTML)
    os.mkfifo(folder / "c.html")  # opening it would wait for ever
    opened = Path.open

    def denied(path: Path, mode: str = "r") -> object:
        if path.name == "a.html":  # root may read anything, so that taking the permission away is no test
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(Path, "open", denied)
    rows = read_all(folder)[0]
    assert [(row.reason, row.detail) if isinstance(row, LeftOut) else row.url for row in rows] == [
        ("unreadable", "Permission denied"),
        "file:///b.html",
        ("not_text", "no regular file"),
    ]


def test_a_single_page_needs_no_folder(tmp_path: Path) -> None:
    for name, content in (("a page.html", HTML), ("a.txt", b'{"not": "JSONL"}'), ("saved", HTML)):
        path = tmp_path / name
        path.write_bytes(content)
        assert len(plan_units([(name, path)], 10)) == 1
        ((row,), reach, marks) = read_all(path)
        assert isinstance(row, Capture)
        assert (row.input, row.url) == (name, "file:///" + name.replace(" ", "%20"))
        assert (reach.first, reach.next, marks) == (0, 1, [0])


@pytest.mark.parametrize("unit_bytes", [1, 1000, 2500, 1_000_000])
def test_units_are_ranges_of_files(tmp_path: Path, unit_bytes: int) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.html").write_bytes(HTML * (1 + number % 7) * 5)
    whole = read_all(folder)[0]
    units = plan_units([("pages", folder)], unit_bytes)
    pieces = [read_all(folder, unit.start, unit.end) for unit in units]
    assert [row for rows, _, _ in pieces for row in rows] == whole
    assert [mark for _, _, marks in pieces for mark in marks] == list(range(20))
    assert (len(units) > 1) == (unit_bytes < 10_000)


def test_long_files_are_cut_and_some_skipped(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_bytes(b"x" * 700_000)
    rows, _, _ = read_all(folder, bounds=Bounds(max_page_bytes=1000), skip={0: "worker_died"})
    assert isinstance(rows[0], LeftOut)
    assert (rows[0].reason, rows[0].input) == ("worker_died", "pages/a.txt")
    assert isinstance(rows[1], Capture)
    assert (rows[1].payload, rows[1].truncated) == (b"x" * 1000, True)
    assert rows[1].payload_sha256 == hashlib.sha256(b"x" * 700_000).hexdigest()
