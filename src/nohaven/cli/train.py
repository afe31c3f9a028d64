"""`nohaven train`: fit the model's weights to labelled rows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import click

from nohaven.cli.evaluate import labelled_rows
from nohaven.cli.voice import Voice
from nohaven.detection.scales import load_scales
from nohaven.errors import OutsideFailure, UserMistake
from nohaven.pipeline.chain import load_chain
from nohaven.store.cache import cache_folder


@click.command()
@click.argument("labelled", nargs=-1, required=True, metavar="ROWS|DIR...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--date", default=None, help="Date to write into it.  [default: today]")
@click.pass_obj
def train(voice: Voice, labelled: tuple[Path, ...], out: Path, date: str | None) -> None:
    """Fit the model to labelled rows, the same that evaluate takes. The same rows and rules give the same file."""
    if find_spec("scipy") is None:
        raise OutsideFailure("Training needs scipy; install it with: pip install 'nohaven[train]'")
    from nohaven.pipeline.training import train as fit  # scipy is an extra

    voice.say_first_run()
    rows, _ = labelled_rows(labelled)
    voice.say(f"Fitting to {len(rows):,} rows ...")
    try:
        trained = fit(rows, load_chain(cache_folder()))
    except ValueError as error:
        raise UserMistake("The rows hold only offers or only mentions; a model needs both.") from error
    scales = load_scales()
    table = {
        "source": "nohaven train; the texts themselves are not in it",
        "date": date or datetime.now(UTC).date().isoformat(),
        "licence": "Apache-2.0",
        "rows": trained.rows,
        "loss": trained.loss,
        "offer_at": scales.fitted_offer_at,
        "doubtful_at": scales.fitted_doubtful_at,
        "unnamed_offer_at": scales.unnamed_offer_at,
        "sure_category_at": scales.sure_category_at,
        "bias": trained.bias,
        "weights": trained.weights,
        "categories": trained.categories,
    }
    try:
        out.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    except OSError as error:
        raise OutsideFailure(f"{out} could not be written ({error.strerror}); name another file.") from error
    voice.say(f"{out}: {len(trained.weights):,} weights, mean log-loss {trained.loss}")
