"""`aitl bench latency`"""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console

from bot.bench.latency import FULL, QUICK, measure_latency
from bot.bench.latency_table import print_results
from core.commands.options import NamedPath, json_option, print_json

RESULTS = "results.json"


@click.command()
@click.option(
    "--out", default=".", show_default="here", type=NamedPath(file_okay=False, path_type=Path), help="For results.json."
)
@click.option("--quick", is_flag=True, help="Little of everything: shows that it works, its times mean nothing.")
@json_option
@click.pass_context
def latency(ctx: click.Context, out: Path, quick: bool, as_json: bool) -> None:
    """Measure drafts, acknowledgements, growth, the encoder and starts on this machine, in ten minutes.

    Writes results.json; exit 1 where a bound is missed. Nothing of AITL_HOME is read or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    console = Console(stderr=True)
    results = measure_latency(QUICK if quick else FULL, console.print)
    (out / RESULTS).write_text(json.dumps(results.as_json(), indent=2) + "\n", "utf-8")
    if as_json:
        print_json(results.as_json())
    else:
        print_results(results, Console())
    for missed in [bound for bound in results.bounds if not bound.kept]:
        console.print(f"Missed: {missed.name}: {missed.value:.3g}, promised {missed.limit_in_words}.")
    ctx.exit(0 if all(bound.kept for bound in results.bounds) else 1)
