"""`nohaven inspect`: one page, what was found and why."""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from nohaven.cli.account import tell
from nohaven.cli.screen import harmless, print_json
from nohaven.cli.voice import Voice
from nohaven.errors import CheckFailed, UserMistake
from nohaven.intake.doors import door_named
from nohaven.intake.jsonl_door import Place, row_capture
from nohaven.intake.plan import plan_units
from nohaven.pipeline.answer import Answer, account, answer, empty_answer
from nohaven.pipeline.chain import Chain, load_chain
from nohaven.pipeline.rows import left_out_row
from nohaven.pipeline.timelimit import PageTimeout, time_limit
from nohaven.records.capture import Bounds, Capture, LeftOut
from nohaven.store.cache import cache_folder
from nohaven.store.sweep_folder import CAPTURES, SweepFolder
from nohaven.values.masking import mask_markup

_WHOLE_FILE = 2**62
_ROW_SECONDS = 20.0  # as for a page of a sweep
_NO_ADDRESS = "urn:nohaven:row"  # of a row that names no URL


@click.command()
@click.argument("what", metavar="FILE|URL|-")
@click.option("--sweep", "folder", type=click.Path(path_type=Path), help="The page of that URL in a sweep.")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a page instead of an account to read.")
@click.option("--jsonl", is_flag=True, help="Rows {id, text} or {id, url, html} from standard input; one answer a row.")
@click.pass_obj
def inspect(voice: Voice, what: str, folder: Path | None, as_json: bool, jsonl: bool) -> None:
    """Say what a page offers, and why: a file, a page of a sweep (--sweep DIR URL), or rows (- --jsonl)."""
    if jsonl:
        if what != "-":
            raise UserMistake("--jsonl reads standard input; write: nohaven inspect - --jsonl")
        _inspect_rows(voice)
        return
    captures = _of_sweep(SweepFolder(folder), what) if folder else _of_file(Path(what))
    console = Console(highlight=False, soft_wrap=False)
    chain = load_chain(cache_folder())
    count = 0
    for thing in captures:
        count += 1
        _show(thing, chain, console, as_json)
    if not count:
        raise CheckFailed(f"{what} holds no page.")


def _show(thing: Capture | LeftOut, chain: Chain, console: Console, as_json: bool) -> None:
    """Print the account of one capture, or why there is none."""
    if isinstance(thing, LeftOut):
        if as_json:
            row = left_out_row(thing)
            print_json({"left_out": row["reason"]} | {name: row[name] for name in ("offset", "url", "detail")})
        else:
            detail = f" ({harmless(mask_markup(thing.detail))})" if thing.detail else ""
            console.print(Text(f"left out: {thing.reason}{detail}", style="dim"))
        return
    outcome = chain.outcome(thing)
    if as_json:
        print_json(account(outcome))
    else:
        tell(outcome, console)


def _of_file(path: Path) -> Iterator[Capture | LeftOut]:
    """The captures of any input that a sweep takes."""
    for unit in plan_units([(str(path), path)], _WHOLE_FILE):
        for thing in door_named(unit.door).read(unit, Bounds(), lambda _: None, {}):
            if isinstance(thing, Capture) or (
                isinstance(thing, LeftOut) and thing.reason not in ("request", "metadata", "warcinfo")
            ):
                yield thing


def _of_sweep(folder: SweepFolder, url: str) -> Iterator[Capture]:
    """The captures that a sweep keeps of a URL."""
    folder.run()
    found = False
    for file in sorted((folder.path / CAPTURES).glob("*.warc.gz")):
        for thing in _of_file(file):
            if isinstance(thing, Capture) and thing.url in (url, mask_markup(url)):
                found = True
                yield thing
    if not found:
        raise UserMistake(
            f"{folder.path} keeps no capture of {url}; it keeps those with an offer, a doubt, or drawn for audit."
        )


def _inspect_rows(voice: Voice) -> None:
    """Answer rows from standard input, in order, one answer a row whatever the row is."""
    chain = load_chain(cache_folder())
    for number, line in enumerate(_lines(sys.stdin.buffer)):
        print_json(_answer_row(line, number, chain, voice))
    sys.stdout.flush()


def _lines(stream: Iterable[bytes]) -> Iterator[bytes]:
    """Lines that hold anything."""
    for line in stream:
        if line.strip():
            yield line


def _answer_row(line: bytes, number: int, chain: Chain, voice: Voice) -> Answer:
    """The answer to one row."""
    try:
        row = json.loads(line.removeprefix(BOM_UTF8).decode("utf-8", "replace"))
    except (ValueError, RecursionError):  # RecursionError: nested too deeply
        row = None
    if not isinstance(row, dict):
        return empty_answer(str(number))
    name = row.get("id")
    name = name if isinstance(name, str) else str(number if name is None else name)
    if not isinstance(row.get("url"), str) or not row["url"].strip():
        row = row | {"url": _NO_ADDRESS}
    capture = row_capture(row, Place("-", number, len(line)), Bounds().max_page_bytes)
    if not isinstance(capture, Capture):
        return empty_answer(name)
    try:
        with time_limit(_ROW_SECONDS):
            return answer(name, chain.outcome(capture))
    except PageTimeout:
        voice.warn(f"warning: row {number} took over {_ROW_SECONDS:g} s and was not read.")
    except Exception as error:  # one row that cannot be read must not cost the answers to all others
        voice.warn(f"warning: row {number} could not be read ({type(error).__name__}).")
    return empty_answer(name)
