"""`nohaven erase`: take a site, a value or old pages out of a sweep, on record."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from nohaven.cli.voice import Voice
from nohaven.engines.lock import hold_lock
from nohaven.errors import UserMistake
from nohaven.pipeline.erase import erase_from
from nohaven.pipeline.erasure import Erasure
from nohaven.store.sweep_folder import SweepFolder


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--site", help="All pages of a site, as site or as carrier.")
@click.option("--value", help="All pages on which this channel, number or name stands.")
@click.option("--older-than", "days", type=click.IntRange(0), help="All pages captured more than so many days ago.")
@click.pass_obj
def erase(voice: Voice, folder: Path, site: str | None, value: str | None, days: int | None) -> None:
    """Take a site, a value or old pages out of a sweep: every table and every copied capture, on record."""
    if sum(x is not None for x in (site, value, days)) != 1:
        raise UserMistake("Name one thing to erase: --site, --value or --older-than.")
    sweep = SweepFolder(folder)
    if sweep.work.is_dir():
        with hold_lock(sweep.work):
            counts = erase_from(sweep, Erasure(site, value, days), datetime.now(UTC))
    else:
        counts = erase_from(sweep, Erasure(site, value, days), datetime.now(UTC))
    gone = ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "nothing matched"
    voice.say(f"Erased from {folder}: {gone}. The record is in {folder}/erasures.jsonl.")
    if sweep.work.is_dir() and not sweep.only_leftovers:
        voice.warn(f"warning: {folder} is not finished; erase again after --resume, which reads the inputs on.")
