"""Which door takes an input, and what a user is told of one that none takes."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from nohaven.errors import UserMistake
from nohaven.intake.doors import DOORS, door_named, door_of
from nohaven.intake.plan import plan_units

from .warcs import packed, page

KNOWN = [
    ("a.warc.gz", packed(page(1)), "warc"),
    ("download", packed(page(1)), "warc"),  # by its bytes
    ("a.warc", page(1), "warc"),
    ("a.warc", b"XARC" + page(1)[4:] + page(2), "warc"),  # its first record is damaged
    ("a.warc.gz", b"\0" + packed(page(1))[1:] + packed(page(2)), "warc"),
    ("a.jsonl", b'{"url": "x", "text": "y"}', "jsonl"),
    ("a.jsonl", b'broken\n{"url": "x", "text": "y"}', "jsonl"),
    ("-", b'\xef\xbb\xbf\n {"url": "x", "text": "y"}', "jsonl"),
    ("a.html", b"<p>", "folder"),
    ("a.txt", b'{"a": 1}', "folder"),
    ("-", b"<html>", "folder"),
]


@pytest.mark.parametrize(("name", "content", "door"), KNOWN, ids=range(len(KNOWN)))
def test_door(tmp_path: Path, name: str, content: bytes, door: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert door_of(path, name).name == door
    assert door_of(path, name) is door_named(door)


UNKNOWN = [
    ("x.bin", b"\0\1\2\3"),
    ("x.gz", gzip.compress(b"hello", mtime=0)),
    ("x.warc.gz", b"not gzip at all"),
    ("x.csv", b"a,b\n1,2"),
    ("x.xml", b"<?xml version='1.0'?>"),
    ("x.jsonl", b"\0\1\2"),
]


@pytest.mark.parametrize(("name", "content"), UNKNOWN, ids=[row[0] for row in UNKNOWN])
def test_unknown_formats_are_refused_by_name(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserMistake, match=rf"^{name}: not a known format \(WARC, JSONL or a folder of HTML or text"):
        door_of(tmp_path / name, name)


def test_missing_empty_and_unreadable_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.warc").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")  # opening it would wait for ever
    for name, message in (
        ("missing.warc", "no such file or folder"),
        ("empty.warc", "is empty"),
        ("folder", "is empty"),
        ("pipe", "neither a file nor a folder"),
    ):
        with pytest.raises(UserMistake, match=f"^{name}: {message}"):
            door_of(tmp_path / name, name)

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    (tmp_path / "a.warc").touch()
    with pytest.raises(UserMistake, match=r"^a.warc: cannot be read \(Permission denied\)"):
        door_of(tmp_path / "a.warc", "a.warc")


def test_one_bad_input_stops_the_plan(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(page(1))
    with pytest.raises(UserMistake, match="missing"):
        plan_units([("a.warc", tmp_path / "a.warc"), ("missing", tmp_path / "missing")], 1000)


def test_doors_have_names_of_their_own() -> None:
    assert [door.name for door in DOORS] == ["warc", "jsonl", "folder"]
    with pytest.raises(UserMistake, match="the doors are warc, jsonl, folder"):
        door_named("mbox")
