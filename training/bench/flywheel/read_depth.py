"""How many snippets a trained reranker has to read: what each number of them finds, and how long reading takes.

    python -m training.bench.flywheel.read_depth DIR OUT [--run main] [--version N]

DIR is the data set, OUT the folder that `aitl bench flywheel DIR --out OUT` wrote. The champion of the run, or another
of its versions, searches for every scored question; its reranker then reads 0 (its order is the first stage's), 8, 12
... of what was found.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import click

from core.adapters.cross_encoder import CrossEncoderReranker
from core.bundles import assemble
from core.knowledge.chunking import embedding_text
from core.ports import Retrieved
from core.retrieval.blend import blended
from core.values import SNIPPETS_RETRIEVED
from training.bench.flywheel.bench import FOLDER, MAIN
from training.bench.flywheel.data import DataSet, read_data
from training.bench.flywheel.home import Home, open_home
from training.bench.flywheel.scoring import RETRIEVAL, question_of, retrieval_values
from training.evaluation.answers import retrieve

DEPTHS = (0, 8, 12, 16, 20, 24, 32)


def depths_of(home: Home, data: DataSet, version: int) -> tuple[dict[int, dict[str, float]], float]:
    """By depth the mean of every retrieval metric; and what reading the most of them took, in ms a question."""
    suggester = assemble(home.settings, home.store, home.clock, home.store.registry.bundle(version), home.shared)
    reranker = suggester.reranker
    if not isinstance(reranker, CrossEncoderReranker) or reranker.blend is None:
        raise click.UsageError(f"Version {version} has no trained reranker; choose another with --version.")
    suggester.warm()
    article_of = {one.id: one.article_id for one in home.store.knowledge.current_snippets()}
    queries = data.splits[data.scored]
    found = {one.id: retrieve(suggester, question_of(one, home.clock())) for one in queries}
    started_s = time.perf_counter()
    logits = {name: _read(reranker, one) for name, one in found.items()}
    ms = 1000 * (time.perf_counter() - started_s) / len(found)
    weight = reranker.blend.weight
    values = {}
    for depth in DEPTHS:
        rankings = {
            name: [article_of[one.snippets[place].snippet.id] for place in _order(one, logits[name][:depth], weight)]
            for name, one in found.items()
        }
        values[depth] = {name: fmean(some) for name, some in retrieval_values(rankings, queries).items()}
    return values, ms


def _read(reranker: CrossEncoderReranker, found: Retrieved) -> list[float]:
    return reranker.logits(found.query, [embedding_text(one.snippet) for one in found.snippets[: max(DEPTHS)]])


def _order(found: Retrieved, logits: Sequence[float], weight: float) -> list[int]:
    """Places in what was found, best first."""
    return [place for place, _ in blended(found.snippets, logits, weight)]


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("out", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--run", default=MAIN, show_default=True, help="Which run: the flywheel itself, or a control by name.")
@click.option("--version", type=int, help="Which of its versions; without it, its champion.")
def main(directory: Path, out: Path, run: str, version: int | None) -> None:
    """Print what is found by how many snippets are read."""
    with open_home(out.resolve() / FOLDER / run) as home:
        champion = home.store.registry.aliases().champion
        values, ms = depths_of(home, read_data(directory), champion if version is None else version)
    names = [name for name in RETRIEVAL if name != f"recall@{SNIPPETS_RETRIEVED}"]  # their order does not change it
    click.echo(f"{'read':>4}" + "".join(f"{name:>14}" for name in names))
    for depth, means in values.items():
        click.echo(f"{depth:>4}" + "".join(f"{means[name]:>14.4f}" for name in names))
    click.echo(f"reading {max(DEPTHS)}: {ms:.0f} ms a question")


if __name__ == "__main__":
    main()
