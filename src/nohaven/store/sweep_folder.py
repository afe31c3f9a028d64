"""The folder of a sweep: its names, whether it is finished, half done or somebody else's, and its run record."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nohaven.errors import UserMistake

RUN = "run.json"
WORK = ".work"
PLAN = "plan.json"
CAPTURES = "captures"
ERASURES = "erasures.jsonl"


@dataclass(frozen=True, slots=True)
class SweepFolder:
    """Where a sweep lies. Reading commands ask `finished` first."""

    path: Path

    @property
    def work(self) -> Path:
        """The folder of unfinished work."""
        return self.path / WORK

    @property
    def run_file(self) -> Path:
        """The run record; written last, so that it is there only when all else is."""
        return self.path / RUN

    def table(self, name: str) -> Path:
        """A folder of part files, or a single file."""
        folder = self.path / name
        return folder if folder.is_dir() else self.path / f"{name}.parquet"

    def run(self) -> Mapping[str, object]:
        """The run record; UserMistake when this is no finished sweep."""
        if self.work.is_dir():
            raise UserMistake(f"{self.path} holds an unfinished sweep; run the sweep again with --resume.")
        if not self.run_file.is_file():
            raise UserMistake(
                f"{self.path} is not a sweep (it has no {RUN}); name the folder that `nohaven sweep` wrote."
            )
        return cast(Mapping[str, object], json.loads(self.run_file.read_text(encoding="utf-8")))

    @property
    def only_leftovers(self) -> bool:
        """Whether the sweep is finished and a stop left some of its work folder behind: run.json is written last."""
        return self.run_file.is_file() and self.work.is_dir()

    def begin(self, resume: bool) -> bool:
        """Make the folder ready for work. True: there is work to take up. UserMistake when it is in the way."""
        if resume and self.only_leftovers:
            return True
        if self.run_file.is_file():
            if self.work.is_dir():
                raise UserMistake(f"{self.path} holds a sweep that is all but finished; add --resume to finish it.")
            raise UserMistake(f"{self.path} already holds a finished sweep; choose another folder with --out.")
        if (self.work / PLAN).is_file():
            if not resume:
                raise UserMistake(
                    f"{self.path} holds an unfinished sweep; add --resume to go on, or choose another folder."
                )
            return True
        if self.path.exists() and (not self.path.is_dir() or any(p.name != WORK for p in self.path.iterdir())):
            raise UserMistake(f"{self.path} is not empty and holds no sweep; choose another folder with --out.")
        if resume:
            raise UserMistake(f"{self.path} holds nothing to resume; leave --resume out to begin.")
        try:
            self.work.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise UserMistake(
                f"{self.path} cannot be written ({error.strerror}); choose another folder with --out."
            ) from error
        return False


def write_json(path: Path, data: object) -> None:
    """JSON under its final name only when it is whole."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        half.write_text(text, encoding="utf-8", errors="backslashreplace")  # JSON's own spelling of a lone surrogate
        half.chmod(0o600)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
