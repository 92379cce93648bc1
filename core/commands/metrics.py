"""`aitl metrics`"""

from __future__ import annotations

import csv
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from core.bootstrap import open_store
from core.clock import utc_now
from core.commands.options import NamedPath, json_option, print_json
from core.errors import ConfigurationError
from core.metrics.figures import Figure
from core.metrics.meanings import MEANINGS
from core.metrics.measures import TITLES, Figures
from core.metrics.periods import DAYS, figures_of_the_last
from core.metrics.telling import change_in_words, value_in_words
from core.program import Program

LONGEST_DAYS = 3650


@click.command()
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=DAYS, show_default=True, help="The last so many.")
@click.option("--csv", "out", type=NamedPath(path_type=Path, dir_okay=False), help="Also write them as a table here.")
@click.option("--explain", is_flag=True, help="Say what each figure means, and what it is computed from.")
@json_option
@click.pass_context
def metrics(ctx: click.Context, days: int, out: Path | None, explain: bool, as_json: bool) -> None:
    """Show how the drafts do: each figure with its 95 % interval, its count, and the change against the days before."""
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        figures = figures_of_the_last(days, utc_now(), store.metrics.counted)
    if out is not None:
        _write(figures, out)
    if as_json:
        print_json({"days": days, "figures": {name: _described(one) for name, one in figures.items()}})
        return
    _print(figures, days)
    if explain:
        _explain(figures)


def _print(figures: Figures, days: int) -> None:
    table = Table(f"Last {days} days", "Figure", "Change", box=None, pad_edge=False)
    for name, figure in figures.items():
        table.add_row(TITLES[name], value_in_words(figure), change_in_words(figure))
    Console(highlight=False).print(table)


def _explain(figures: Figures) -> None:
    table = Table("", "", box=None, pad_edge=False, show_header=False)
    for name in figures:
        table.add_row(TITLES[name], MEANINGS[name])
    Console(highlight=False).print("", table)


def _described(figure: Figure) -> dict[str, float | int | str | None]:
    return {**figure.described(), "meaning": MEANINGS[figure.name]}


def _write(figures: Figures, out: Path) -> None:
    """One row a figure; an empty field where there is no value. Raises ConfigurationError for a bad place."""
    try:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["name", "value", "n", "low", "high", "previous", "meaning"])
            writer.writeheader()
            writer.writerows({"name": name, **_described(one)} for name, one in figures.items())
    except OSError as error:
        raise ConfigurationError(
            f"{out} cannot be written ({error.strerror}); give --csv a file in a folder of your own."
        ) from error
