"""`aitl bench train`"""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from core.adapters.torch_cpu import every_core
from core.commands.options import NamedPath, json_option, print_json
from training.bench.train import FULL, QUICK, SLOWER_MOST, TrainResults, measure_training

RESULTS = "train.json"


@click.command()
@click.option(
    "--out", default=".", show_default="here", type=NamedPath(file_okay=False, path_type=Path), help=f"For {RESULTS}."
)
@click.option("--quick", is_flag=True, help="Little of everything: shows that it works, its times mean nothing.")
@json_option
@click.pass_context
def train(ctx: click.Context, out: Path, quick: bool, as_json: bool) -> None:
    """Time the trainers beside the libraries' own calls on the same rows, and how the rest grows with the cases.

    Writes train.json; exit 1 where the bound is missed (not with --quick). Nothing of AITL_HOME is read or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with every_core():
        results = measure_training(QUICK if quick else FULL, Console(stderr=True).print)
    (out / RESULTS).write_text(json.dumps(results.as_json(), indent=2) + "\n", "utf-8")
    if as_json:
        print_json(results.as_json())
    else:
        print_results(results, Console())
    ctx.exit(1 if results.ratio > SLOWER_MOST and not quick else 0)


def print_results(results: TrainResults, console: Console) -> None:
    """Two tables."""
    beside = Table("part", "rows", "library alone, s", "ours, s", "ratio")
    for one in results.parts:
        beside.add_row(one.part, str(one.rows), f"{one.bare_s:.1f}", f"{one.ours_s:.1f}", f"{one.ratio:.2f}")
    bare_s, ours_s = sum(one.bare_s for one in results.parts), sum(one.ours_s for one in results.parts)
    beside.add_row("together", "", f"{bare_s:.1f}", f"{ours_s:.1f}", f"{results.ratio:.2f} (at most {SLOWER_MOST})")
    console.print(beside)
    growth = Table("annotated cases", "rows", "reading, s", "making rows, s", "response ranker, s")
    for grown in results.growth:
        times = (f"{value:.1f}" for value in (grown.read_s, grown.rows_s, grown.ranker_s))
        growth.add_row(f"{grown.cases:,}", f"{grown.rows:,}", *times)
    console.print(growth)
