"""`nohaven evaluate`: how often detection is right, and how often it accuses the innocent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from nohaven.cli.screen import harmless, print_json
from nohaven.cli.voice import Voice
from nohaven.detection.fitted import load_fitted
from nohaven.engines.progress import Progress
from nohaven.errors import OutsideFailure, UserMistake
from nohaven.pipeline.attacks import Attack, attacks
from nohaven.pipeline.chain import load_chain
from nohaven.pipeline.evaluation import Evaluation
from nohaven.pipeline.evaluation import evaluate as evaluation_of
from nohaven.pipeline.labelled import once_each, read_labelled
from nohaven.pipeline.public_sets import Unlabelled, read_public_sets
from nohaven.pipeline.rates import Rate, Rates
from nohaven.records.labelled import LabelledRow
from nohaven.store.cache import cache_folder
from nohaven.store.taxonomy import load_taxonomy


@click.command()
@click.argument("labelled", nargs=-1, required=True, metavar="ROWS|DIR...", type=click.Path(path_type=Path))
@click.option(
    "--leave-one-out", is_flag=True, help="Fit anew without each source and measure on it; needs nohaven[train]."
)
@click.option("--disguised", is_flag=True, help="Hide the words that give known offers away, and count what is kept.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@click.pass_obj
def evaluate(voice: Voice, labelled: tuple[Path, ...], leave_one_out: bool, disguised: bool, as_json: bool) -> None:
    """Hold detection against labelled rows: JSONL files with text and side, or folders of published sets."""
    single, left_out = labelled_rows(labelled)
    voice.say_first_run()
    with voice.working("evaluate") as watch:
        result = evaluation_of(_watched(single, watch), load_chain(cache_folder()))
    unseen = _unseen(single) if leave_one_out else {}
    hidden = attacks(single, load_chain(cache_folder())) if disguised else []
    if as_json:
        blind = {source: asdict(rates) for source, rates in unseen.items()}
        print_json(asdict(result) | {"left_out": left_out, "unseen": blind, "attacks": [asdict(one) for one in hidden]})
    else:
        console = Console(highlight=False)
        if unseen:
            console.print(_offers_table("unseen source", unseen))
        if hidden:
            console.print(_attacks_table(hidden))
        _show(result, left_out, console)


def _unseen(rows: Sequence[LabelledRow]) -> Mapping[str, Rates]:
    """Rates on each source by a model that never saw it."""
    if find_spec("scipy") is None:
        raise OutsideFailure("Fitting anew needs scipy; install it with: pip install 'nohaven[train]'")
    from nohaven.pipeline.training import leave_one_out  # scipy is an extra

    try:
        return leave_one_out(rows, load_chain(cache_folder()), load_fitted())
    except ValueError as error:
        raise UserMistake("Without one source the rest holds one side only; give two sources with both.") from error


def labelled_rows(paths: Iterable[Path]) -> tuple[list[LabelledRow], dict[str, int]]:
    """The rows of files and folders, texts of the same letters once, and how many were left out why."""
    found = [row for path in paths for row in _rows(path)]
    rows = [row for row in found if isinstance(row, LabelledRow)]
    single = list(once_each(rows))
    return single, {"label": len(found) - len(rows), "repeat": len(rows) - len(single)}


def _rows(path: Path) -> Iterator[LabelledRow | Unlabelled]:
    """Rows of a file, or of the sets that a folder holds."""
    return read_public_sets(path) if path.is_dir() else read_labelled(path, load_taxonomy().categories)


def _watched(rows: Sequence[LabelledRow], watch: Callable[[Progress], None]) -> Iterator[LabelledRow]:
    """The rows, with progress told."""
    for number, row in enumerate(rows):
        watch(Progress(number, len(rows), number, number, len(rows), 1))
        yield row


def _show(result: Evaluation, left_out: Mapping[str, int], console: Console) -> None:
    """Tables to read: how well offers are found, and whom detection accuses."""
    every = {"all": result.all}
    for title, groups in (("source", every | dict(result.by_source)), ("language", result.by_language)):
        console.print(_offers_table(title, groups))
    console.print(_categories_table(result.by_category))
    console.print(_mentions_table(result.by_kind))
    skipped = ", ".join(f"{count:,} {reason}" for reason, count in left_out.items() if count)
    console.print(
        "F1 with its 95 % bootstrap interval; AP: average precision; at most: what the sample cannot rule out (95 %)."
    )
    console.print(f"Left out: {skipped or 'none'}. Took too long and counted as not flagged: {result.too_long}.")


def _offers_table(title: str, groups: Mapping[str, Rates]) -> Table:
    """Rates of groups that hold offers and mentions."""
    table = _table(title, "offers", "mentions", "precision", "recall", "F1", "AP", "accused")
    for name, r in groups.items():
        table.add_row(
            harmless(name),
            f"{r.offers:,}",
            f"{r.mentions:,}",
            _number(r.precision.value),
            _number(r.recall.value),
            _interval(r.f1),
            _number(r.average_precision),
            _percent(r.false_alarms),
        )
    return table


def _attacks_table(hidden: Iterable[Attack]) -> Table:
    """How many offers are still found under each disguise."""
    table = _table("disguise", "offers hidden", "still found", "kept")
    for one in hidden:
        table.add_row(one.disguise, f"{one.hidden:,}", f"{one.found:,}", _percent(one.kept) if one.hidden else "-")
    return table


def _categories_table(groups: Mapping[str, Rates]) -> Table:
    """How many offers of each category are found, and named right."""
    table = _table("category", "offers", "found", "named right")
    for name, r in groups.items():
        table.add_row(harmless(name), f"{r.offers:,}", _interval(r.recall), _number(r.category_recall))
    return table


def _mentions_table(groups: Mapping[str, Rates]) -> Table:
    """Whom detection accuses, by kind of mention."""
    table = _table("kind of mention", "mentions", "accused", "rate", "at most")
    for name, r in groups.items():
        at_most = _percent(r.false_alarms_at_most)
        table.add_row(harmless(name), f"{r.mentions:,}", f"{r.accused:,}", _percent(r.false_alarms), at_most)
    return table


def _table(first: str, *others: str) -> Table:
    """A table narrow enough for a terminal of 80 columns."""
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "-" if value is None else f"{value:.2%}"


def _interval(rate: Rate) -> str:
    """A rate with its 95 % interval."""
    return "-" if rate.value is None else f"{rate.value:.3f} {rate.low:.2f}-{rate.high:.2f}"
