"""`nohaven sweep`: find offers in inputs and write them to a folder."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from nohaven.cli.voice import Voice
from nohaven.pipeline.plan import Asked
from nohaven.pipeline.stages import STOPS
from nohaven.pipeline.sweep import SweepReport, run_sweep
from nohaven.records.capture import Bounds

# Reasons that tell of damage, not of the ordinary make-up of a crawl: said as a warning.
DAMAGE = frozenset(
    {
        "corrupt_record",
        "truncated",
        "bad_encoding",
        "bad_json",
        "decompression_bomb",
        "crashed_worker",
        "time_limit",
        "unreadable",
    }
)
_SIZES = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}


class Bytes(click.ParamType[int]):
    """A size such as 2M or 500k."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Bytes."""
        if isinstance(value, int):
            return value
        match = re.fullmatch(r"(\d{1,9})\s*([kmg]?)(?:i?b)?", str(value).strip().lower())
        if match is None or int(match.group(1)) == 0:
            self.fail(f"{value!r} is no size; write for instance 2M.", param, ctx)
        return int(match.group(1)) * _SIZES[match.group(2)]


@click.command()
@click.argument("inputs", nargs=-1, metavar="INPUT...")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write; new or empty."
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=None, help="Worker processes.  [default: one a processor]"
)
@click.option("--resume", is_flag=True, help="Take up a sweep that was stopped.")
@click.option("--until", type=click.Choice(STOPS), default=STOPS[-1], show_default=True, help="Last stage to run.")
@click.option(
    "--max-page-bytes",
    type=Bytes(),
    default=Bounds().max_page_bytes,
    help="Of each page; the rest is cut and marked.  [default: 2M]",
)
@click.option(
    "--page-seconds", type=click.FloatRange(0.1, 3600), default=20.0, show_default=True, help="Time limit of a page."
)
@click.option("--territory", default=None, help="Where the sweep's law applies, such as de or exercise.")
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the audit sample.")
@click.option(
    "--engine", type=click.Choice(["embedded"]), default="embedded", show_default=True, help="Where the work runs."
)
@click.pass_obj
def sweep(  # noqa: PLR0913 - a command has the options it has
    voice: Voice,
    inputs: tuple[str, ...],
    out: Path,
    workers: int | None,
    resume: bool,
    until: str,
    max_page_bytes: int,
    page_seconds: float,
    territory: str | None,
    seed: int,
    engine: str,  # noqa: ARG001 - one engine so far
) -> None:
    """Find offers: read WARC files, folders of HTML or text, or JSONL rows, and write a folder of Parquet.

    INPUT may be - for standard input.
    """
    asked = Asked(until, max_page_bytes, page_seconds, territory, seed)
    voice.say_first_run()
    with voice.working("sweep") as watch:
        report = run_sweep(inputs, out, asked, workers or os.cpu_count() or 1, resume, watch)
    tell_sweep(report, voice)


def tell_sweep(report: SweepReport, voice: Voice) -> None:
    """What was kept and left out, in a few lines."""
    counts = report.counts
    pages, rate = counts.get("pages", 0), counts.get("pages", 0) / max(report.seconds, 0.001)
    voice.say(
        f"{pages:,} pages read in {report.seconds:.1f} s ({rate:,.0f}/s, peak {report.peak_bytes / 2**20:.0f} MiB)"
    )
    voice.say(
        f"{counts.get('offers', 0):,} offers, {counts.get('review', 0):,} doubts, "
        f"{counts.get('audit', 0):,} pages for audit: {report.folder}"
    )
    if report.left_out:
        reasons = ", ".join(
            f"{reason} {count:,}" for reason, count in sorted(report.left_out.items(), key=lambda r: -r[1])
        )
        voice.say(f"{sum(report.left_out.values()):,} records left out: {reasons}")
    damaged = sum(count for reason, count in report.left_out.items() if reason in DAMAGE)
    if damaged:
        voice.warn(
            f"warning: {damaged:,} records could not be read whole; "
            f"each is in {report.folder}/left_out with its offset and reason"
        )
