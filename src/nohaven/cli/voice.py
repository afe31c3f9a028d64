"""How the program speaks while it works: progress as a bar on a terminal, as plain or JSON lines elsewhere."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from nohaven.engines.progress import Progress as Work
from nohaven.store.cache import cache_folder, has_compiled_rules

_LINE_SECONDS = 5.0  # between plain progress lines


@dataclass(frozen=True, slots=True)
class Voice:
    """Says what happens, on standard error."""

    quiet: bool = False
    as_json: bool = False

    def say(self, message: str) -> None:
        """A line for a person; silent when asked to be quiet."""
        if not self.quiet:
            self._line("info", message)

    def say_first_run(self) -> None:
        """Prepare the user of a first run for its wait."""
        if not has_compiled_rules():
            self.say(f"First run here: compiling the rules takes up to a minute; {cache_folder()} keeps the result.")

    def warn(self, message: str) -> None:
        """A line that is said even when quiet."""
        self._line("warning", message)

    def _line(self, level: str, message: str) -> None:
        text = json.dumps({"level": level, "message": message}, ensure_ascii=False) if self.as_json else message
        print(text, file=sys.stderr, flush=True)

    @contextmanager
    def working(self, what: str) -> Iterator[Callable[[Work], None]]:
        """A function to tell progress to, while something long goes on."""
        if self.quiet:
            yield lambda _: None
        elif self.as_json or not sys.stderr.isatty():
            yield _Lines(self, what).tell
        else:
            with _bar() as bar:
                task = bar.add_task(what, total=1.0, rate="")
                begun = time.monotonic()

                def tell(work: Work) -> None:
                    pace = _pace(work, time.monotonic() - begun)
                    bar.update(task, completed=work.bytes_done, total=max(work.bytes, 1), rate=pace)

                yield tell


class _Lines:
    """Progress as a line every few seconds."""

    def __init__(self, voice: Voice, what: str) -> None:
        self._voice = voice
        self._what = what
        self._begun = self._last = time.monotonic()

    def tell(self, work: Work) -> None:
        """Say where the work is, unless that was said a moment ago."""
        now = time.monotonic()
        if now - self._last < _LINE_SECONDS:
            return
        self._last = now
        share = work.bytes_done / max(work.bytes, 1)
        left = f", about {(now - self._begun) * (1 - share) / share:.0f} s left" if share else ""
        pace = _pace(work, now - self._begun)
        self._voice.say(f"{self._what}: {share:.0%}{', ' + pace if pace else ''}{left}")


def _pace(work: Work, seconds: float) -> str:
    """Pages of the units that are done, and their rate; nothing while too few are done for that to mean anything."""
    if not work.units_done or work.units_done * 4 < work.units:
        return ""
    return f"{work.pages:,} pages, {work.pages / max(seconds, 0.1):,.0f}/s"


def _bar() -> Progress:
    """The bar for a terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.fields[rate]}"),
    )
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True))
