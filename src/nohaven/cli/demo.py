"""`nohaven demo`: build a made-up illicit web with known truth, sweep it, and say what was found against the truth."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from nohaven.cli.sweep import tell_sweep
from nohaven.cli.voice import Voice
from nohaven.errors import UserMistake
from nohaven.exercise.build import build_exercise
from nohaven.pipeline.comparison import Comparison, compare
from nohaven.pipeline.plan import Asked
from nohaven.pipeline.stages import STOPS
from nohaven.pipeline.sweep import run_sweep
from nohaven.records.capture import Bounds
from nohaven.store.sweep_folder import SweepFolder
from nohaven.store.tables import read_table

_MARK = "exercise.warc.gz"  # tells a folder of an earlier exercise from anything else


@click.command()
@click.option(
    "--pages", type=click.IntRange(50, 100_000), default=2000, show_default=True, help="Pages of the made-up web."
)
@click.option("--seed", type=int, default=7, show_default=True, help="Another seed makes another web.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("exercise"),
    show_default=True,
    help="Folder; an earlier exercise in it is replaced.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=None, help="Worker processes.  [default: one a processor]"
)
@click.pass_obj
def demo(voice: Voice, pages: int, seed: int, out: Path, workers: int | None) -> None:
    """Build an exercise (a made-up illicit web with known truth), run the whole chain on it, show what was found."""
    _clear(out)
    voice.say(f"Building a made-up web of {pages:,} pages in {out}/ (reserved names and fictional numbers only) ...")
    files = build_exercise(out, pages, seed)
    folder = SweepFolder(out / "sweep")
    asked = Asked(STOPS[-1], Bounds().max_page_bytes, 20.0, "exercise", seed)
    voice.say_first_run()
    with voice.working("sweep") as watch:
        report = run_sweep([str(files.warc)], folder.path, asked, workers or os.cpu_count() or 1, False, watch)
    tell_sweep(report, voice)
    console = Console(highlight=False)
    _show(compare(files.truth, folder), console)
    _show_next(out, folder, console)


def _clear(out: Path) -> None:
    """Make room: remove an earlier exercise, nothing else."""
    if not out.exists():
        return
    if any(out.iterdir()) and not (out / _MARK).exists() and not (out / f"{_MARK}.part").exists():
        raise UserMistake(f"{out} is not empty and holds no exercise; choose another folder with --out.")
    shutil.rmtree(out)


def _show(result: Comparison, console: Console) -> None:
    """Found against planted."""
    table = Table(title="Found against what was planted, in pages", title_justify="left", header_style="bold")
    for name in ("category", "planted", "found", "category right", "doubtful", "missed"):
        table.add_column(name, justify="left" if name == "category" else "right")
    for category in sorted(result.planted):
        table.add_row(category, *map(str, _row(result, category)))
    table.add_section()
    sums = [sum(_row(result, c)[i] for c in result.planted) for i in range(5)]
    table.add_row("all", *map(str, sums), style="bold")
    console.print(table)
    all_, found = result.disguised
    console.print(f"Disguised offers found: {found} of {all_}.")
    innocent, accused = sum(result.innocent.values()), sum(result.accused.values())
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(result.innocent.items(), key=lambda k: -k[1]))
    style = "bold green" if not accused else "bold red"
    console.print(f"Pages without an offer: {innocent} ({kinds}); wrongly called an offer: {accused}.", style=style)
    for url in result.accused_urls[:5]:
        console.print(f"  wrong: {url}", style="red", markup=False)


def _row(result: Comparison, category: str) -> list[int]:
    """planted, found, category right, doubtful, missed."""
    planted, found = result.planted[category], result.found.get(category, 0)
    doubtful = result.doubtful.get(category, 0)
    return [planted, found, result.named.get(category, 0), doubtful, planted - found - doubtful]


def _show_next(out: Path, folder: SweepFolder, console: Console) -> None:
    """What to open next."""
    offers = read_table(folder.table("offers"))
    urls = offers.sort_by([("score", "descending")])["url"].to_pylist() if offers.num_rows else []
    console.print("\nOpen next:", style="bold")
    console.print(
        f"  {folder.path}/offers/    the offers (Parquet: DuckDB, pandas, Polars and Spark read it)",
        markup=False,
        soft_wrap=True,
    )
    console.print(f"  {folder.path}/review/    what a person should look at", markup=False, soft_wrap=True)
    console.print(f"  {folder.path}/run.json   what ran, on what, with which counts", markup=False, soft_wrap=True)
    console.print(f"  {out}/truth.jsonl   what was planted", markup=False, soft_wrap=True)
    if urls:
        console.print("\nSee why one page is an offer:", style="bold")
        console.print(f"  .venv/bin/nohaven inspect --sweep {folder.path} '{urls[0]}'", markup=False, soft_wrap=True)
