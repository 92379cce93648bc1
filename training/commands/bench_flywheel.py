"""`aitl bench flywheel DIR`"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from core.adapters.torch_cpu import every_core
from core.commands.options import NamedPath, json_option, print_json
from training.bench.flywheel.bench import measure_flywheel
from training.bench.flywheel.controls import CONTROLS
from training.bench.flywheel.data import LIVE
from training.bench.flywheel.plot import write_plot
from training.bench.flywheel.results import as_json as described
from training.bench.flywheel.results import print_results
from training.bench.flywheel.rounds import Options

RESULTS, PLOT = "results.json", "flywheel.png"
_WIDE = 200  # characters, where there is no terminal to fit in


class _Controls(click.ParamType[tuple[str, ...]]):
    """NAME,..."""

    name = "NAME,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        names = tuple(value) if isinstance(value, tuple) else tuple(filter(None, map(str.strip, value.split(","))))
        for name in names:
            if name not in CONTROLS:
                self.fail(f"{name!r} is no control; choose among {', '.join(CONTROLS)}.", param, ctx)
        return names


@click.command()
@click.argument("directory", metavar="DIR", type=NamedPath(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--out",
    default=".",
    show_default="here",
    type=NamedPath(file_okay=False, path_type=Path),
    help=f"For {RESULTS}, {PLOT}, and the folder `flywheel` with the homes of the runs.",
)
@click.option("--rounds", default=len(LIVE), show_default=True, type=click.IntRange(0, len(LIVE)), help="How many.")
@click.option("--seed", default=0, show_default=True, help="Draws the order of the cases and what agents click.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many queries of each split.")
@click.option("--controls", default=(), type=_Controls(), help=f"Runs beside it: {', '.join(CONTROLS)}.")
@json_option
@click.pass_context
def flywheel(
    ctx: click.Context,
    directory: Path,
    out: Path,
    rounds: int,
    seed: int,
    limit: int | None,
    controls: tuple[str, ...],
    as_json: bool,
) -> None:
    """Play the cases of DIR round after round through the whole product, with simulated agents, and measure it.

    DIR holds passages.jsonl, queries.jsonl and, where replies were rated, preferences.jsonl. A run that was killed goes
    on where it was when the same command is given again. Nothing of AITL_HOME is read or written.
    """
    out.mkdir(parents=True, exist_ok=True)
    say = partial(Console(stderr=True).print, soft_wrap=True, highlight=False)
    with every_core():
        measured = measure_flywheel(directory, out, Options(rounds=rounds, seed=seed), limit, controls, say)
    results = described(measured)
    (out / RESULTS).write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    write_plot(measured, out / PLOT)
    if as_json:
        print_json(results)
    else:
        console = Console()
        print_results(measured, console if console.is_terminal else Console(width=_WIDE))
