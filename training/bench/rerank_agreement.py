"""What makes the reranker fast, each beside reading all 75 snippets in 32 bits: its time, and whether it ranks alike.

    python -m training.bench.rerank_agreement RERANKER (--sample | --data DIR [--split dev]) [--limit N] [--out FOLDER]

RERANKER is the folder of a trained cross-encoder. Knowledge and questions are those of `training.bench.retrieval`, the
questions evenly drawn; FOLDER keeps the index for the next run.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from core.adapters.cross_encoder import CrossEncoderReranker
from core.bootstrap import open_store
from core.ingest_command import ingest_paths
from core.knowledge_base import make_embedder, make_retriever
from core.ports import Retrieved
from core.retrieval.blend import Blend
from core.sample import sample_articles_dir
from core.settings import Settings
from core.values import SNIPPETS_RETRIEVED
from training.bench.retrieval import Query, read_queries, sample_queries
from training.trainers.agreement import rank_agreement

EXACT = "all 75, 256 tokens, 32 bits"


@dataclass(frozen=True, slots=True)
class Way:
    """One way to use the model, as measured: means over the questions."""

    ms: float
    spearman: float
    overlap: float  # of the best eight


def ways_of(blend: Blend) -> Mapping[str, tuple[Blend, bool]]:
    """By name: how snippets are read, and whether in bfloat16. The first is the exact one, the last all together."""
    every = replace(blend, weight=blend.weight or 1.0, candidates=SNIPPETS_RETRIEVED, longest_pair=256)
    fewer = replace(every, candidates=blend.candidates)
    return {
        EXACT: (every, False),
        "bfloat16": (every, True),
        "192 tokens": (replace(every, longest_pair=192), False),
        "128 tokens": (replace(every, longest_pair=128), False),
        f"{blend.candidates} of 75": (fewer, False),
        f"{blend.candidates} of 75, bfloat16": (fewer, True),
        f"{blend.candidates} of 75, 128 tokens, bfloat16": (replace(fewer, longest_pair=128), True),
    }


def measure(folder: Path, found: Sequence[Retrieved]) -> dict[str, Way]:
    """Every way on all of `found`, in which each has at least two snippets."""
    blend = Blend.read(folder) or Blend(weight=1.0)
    scores: dict[str, list[list[float]]] = {}
    ms: dict[str, float] = {}
    for name, (way, bfloat16) in ways_of(blend).items():
        reranker = CrossEncoderReranker(folder, bfloat16=bfloat16, blend=way)
        reranker.warm()
        started_s = time.perf_counter()
        scores[name] = [_scores(reranker, one) for one in found]
        ms[name] = 1000 * (time.perf_counter() - started_s) / len(found)
    agreements = {name: rank_agreement(zip(scores[EXACT], some, strict=True)) for name, some in scores.items()}
    return {name: Way(ms[name], one.spearman, one.overlap) for name, one in agreements.items()}


def _scores(reranker: CrossEncoderReranker, found: Retrieved) -> list[float]:
    """In the order in which the first stage found them: higher for a better place."""
    ranked = reranker.rerank(found.query, found.snippets, len(found.snippets))
    place = {one.snippet.id: -float(one.rank) for one in ranked}
    return [place[one.snippet.id] for one in found.snippets]


@click.command()
@click.argument("reranker", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), help="A folder of a benchmark.")
@click.option("--sample", is_flag=True, help="Use the sample articles and cases.")
@click.option("--split", default="dev", show_default=True, help="Which queries of the folder.")
@click.option("--limit", default=40, show_default=True, type=click.IntRange(min=1), help="At most so many questions.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Keeps the index.")
@click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")
def main(
    reranker: Path, data: Path | None, sample: bool, split: str, limit: int, out: Path | None, as_json: bool
) -> None:
    """Measure the ways to read snippets with RERANKER."""
    if (data is None) == (not sample):
        raise click.UsageError("Give either --data or --sample.")
    queries = sample_queries() if data is None else read_queries(data, split)
    chosen = queries[:: max(1, len(queries) // limit)][:limit]
    source = sample_articles_dir() if data is None else data / "passages.jsonl"
    with tempfile.TemporaryDirectory() as temporary:
        found = _found(chosen, source, (out or Path(temporary)).resolve() / f"home-{source.parent.name}")
    ways = measure(reranker, found)
    if as_json:
        click.echo(json.dumps({name: [one.ms, one.spearman, one.overlap] for name, one in ways.items()}))
        return
    click.echo(f"{len(found)} questions{'':32}ms a question   Spearman   best 8 the same")
    for name, one in ways.items():
        click.echo(f"{name:42}{one.ms:14.0f}{one.spearman:11.4f}{one.overlap:18.3f}")


def _found(queries: Sequence[Query], source: Path, home: Path) -> list[Retrieved]:
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings.from_environment({"AITL_HOME": str(home)})
    with open_store(settings) as store:
        embedder = make_embedder(settings)
        ingest_paths([source], settings, store, embedder)
        retriever = make_retriever(settings, store.knowledge, embedder)
        return [retriever.search(query.turns, SNIPPETS_RETRIEVED) for query in queries]


if __name__ == "__main__":
    main()
