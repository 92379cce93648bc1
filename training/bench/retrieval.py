"""First-stage retrieval measured beside plain baselines, all on the same snippets in one run.

    python -m training.bench.retrieval DIR [--split dev] [--out FOLDER] [--json]
    python -m training.bench.retrieval --sample [--out FOLDER] [--json]

DIR holds `passages.jsonl` {id, title, text} and `queries.jsonl` {id, turns: ["U: ...", "S: ..."], gold, group, split}.
The passages are ingested by the product's own ingest; FOLDER keeps that index for the next run.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from core.bootstrap import open_store
from core.ingest_command import ingest_paths
from core.knowledge_base import make_embedder, make_retriever
from core.ports import Embedder
from core.retrieval.retriever import ConversationRetriever
from core.sample import sample_articles_dir, sample_cases
from core.settings import Settings
from core.store import Store
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Turn
from training.bench.baselines import Baselines
from training.evaluation.metrics import Estimate, bootstrap_interval
from training.evaluation.rankings import precision_cap, score_rankings

Rank = Callable[[Sequence[Turn]], list[str]]

OURS = "conversation retriever"
PLAIN = "plain MiniLM"

# What the results call it, and how ir-measures does.
METRICS: Mapping[str, str] = {
    f"recall@{SNIPPETS_RETRIEVED}": f"R@{SNIPPETS_RETRIEVED}",
    f"precision@{SNIPPETS_SHOWN}": f"P@{SNIPPETS_SHOWN}",
    f"recall@{SNIPPETS_SHOWN}": f"R@{SNIPPETS_SHOWN}",
    f"hit@{SNIPPETS_SHOWN}": f"Success@{SNIPPETS_SHOWN}",
    "ndcg@10": "nDCG@10",
    "mrr": "RR",
}


@dataclass(frozen=True, slots=True)
class Query:
    """A conversation and the ids that answer it; `tags` and `group` for slices and intervals."""

    id: str
    turns: tuple[Turn, ...]
    gold: frozenset[str]
    group: str
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run found: per method and metric, and ours by tag."""

    n: int
    precision_cap: float
    methods: Mapping[str, Mapping[str, Estimate]]
    gain: Mapping[str, Estimate]  # ours minus plain MiniLM, query by query
    by_tag: Mapping[str, Mapping[str, Estimate]]
    seconds_per_query: float


def read_queries(folder: Path, split: str) -> list[Query]:
    """The queries of one split that have a right answer."""
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines() if line.strip()]
    return [
        Query(row["id"], tuple(map(_turn, row["turns"])), frozenset(row["gold"]), str(row["group"]))
        for row in rows
        if row["split"] == split and row["gold"]
    ]


def sample_queries() -> list[Query]:
    """The sample cases that the sample articles answer."""
    return [
        Query(case.id, case.turns, frozenset(case.articles), case.id, case.tags)
        for case in sample_cases()
        if case.articles
    ]


def measure(queries: Sequence[Query], store: Store, embedder: Embedder, retriever: ConversationRetriever) -> Outcome:
    """Rank every query by every method and score the rankings."""
    baselines = Baselines(store.knowledge, retriever.live().vectors, embedder)
    seconds: list[float] = []
    methods: dict[str, Rank] = {**baselines.methods(), OURS: lambda turns: _ranked(retriever, turns, seconds)}
    rankings = {name: [rank(query.turns) for query in queries] for name, rank in methods.items()}
    scores = {name: _scores(ranked, queries) for name, ranked in rankings.items()}
    groups = [query.group for query in queries]
    gain = {
        metric: [ours - plain for ours, plain in zip(scores[OURS][metric], scores[PLAIN][metric], strict=True)]
        for metric in METRICS
    }
    return Outcome(
        n=len(queries),
        precision_cap=sum(precision_cap(SNIPPETS_SHOWN, query.gold) for query in queries) / len(queries),
        methods={name: _estimates(by_metric, groups) for name, by_metric in scores.items()},
        gain=_estimates(gain, groups),
        by_tag={
            tag: _of_tag(tag, scores[OURS], queries) for tag in sorted({t for query in queries for t in query.tags})
        },
        seconds_per_query=sum(seconds) / len(seconds),
    )


@click.command()
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--split", default="dev", show_default=True, help="Which queries to score.")
@click.option("--sample", is_flag=True, help="Measure on the sample articles and cases instead of DIRECTORY.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Keeps the index and the results.")
@click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")
def main(directory: Path | None, split: str, sample: bool, out: Path | None, as_json: bool) -> None:
    """Measure first-stage retrieval on DIRECTORY, or on the sample."""
    if (directory is None) == (not sample):
        raise click.UsageError("Give either DIRECTORY or --sample.")
    queries = sample_queries() if directory is None else read_queries(directory, split)
    if not queries:
        raise click.UsageError(f"There is no query with a right answer in split {split!r}.")
    source = sample_articles_dir() if directory is None else directory / "passages.jsonl"
    with tempfile.TemporaryDirectory() as temporary:
        outcome = _run(queries, source, out or Path(temporary))
    if out is not None:
        (out / "retrieval.json").write_text(json.dumps(asdict(outcome), indent=2) + "\n", "utf-8")
    click.echo(json.dumps(asdict(outcome)) if as_json else "\n".join(_table(outcome)))


def _run(queries: Sequence[Query], source: Path, folder: Path) -> Outcome:
    home = folder.resolve() / f"home-{source.parent.name}"
    settings = Settings.from_environment({"AITL_HOME": str(home)})
    home.mkdir(parents=True, exist_ok=True)
    with open_store(settings) as store:
        embedder = make_embedder(settings)
        ingest_paths([source], settings, store, embedder)
        return measure(queries, store, embedder, make_retriever(settings, store.knowledge, embedder))


def _ranked(retriever: ConversationRetriever, turns: Sequence[Turn], seconds: list[float]) -> list[str]:
    start = time.perf_counter()
    found = retriever.search(turns, SNIPPETS_RETRIEVED)
    seconds.append(time.perf_counter() - start)
    return [one.snippet.article_id for one in found.snippets]


def _scores(rankings: Iterable[Sequence[str]], queries: Sequence[Query]) -> dict[str, list[float]]:
    names = [str(place) for place in range(len(queries))]
    right = {name: dict.fromkeys(query.gold, 1.0) for name, query in zip(names, queries, strict=True)}
    found = score_rankings(dict(zip(names, rankings, strict=True)), right, METRICS.values())
    return {metric: [found[measure][name] for name in names] for metric, measure in METRICS.items()}


def _estimates(scores: Mapping[str, Sequence[float]], groups: Sequence[str]) -> dict[str, Estimate]:
    return {metric: bootstrap_interval(values, groups) for metric, values in scores.items()}


def _of_tag(tag: str, scores: Mapping[str, Sequence[float]], queries: Sequence[Query]) -> dict[str, Estimate]:
    places = [place for place, query in enumerate(queries) if tag in query.tags]
    picked = {metric: [values[place] for place in places] for metric, values in scores.items()}
    return _estimates(picked, [queries[place].group for place in places])


def _turn(text: str) -> Turn:
    return Turn("agent" if text.startswith("S:") else "customer", text[2:].strip())


def _table(outcome: Outcome) -> list[str]:
    width = max(map(len, (*outcome.methods, *outcome.by_tag)))
    lines = [
        f"{outcome.n} queries; precision@{SNIPPETS_SHOWN} cannot pass {outcome.precision_cap:.3f}; "
        f"{outcome.seconds_per_query * 1000:.0f} ms a query; 95 % intervals by conversation",
        " " * width + "".join(f"{metric:>24}" for metric in METRICS),
    ]
    rows = {**outcome.methods, "ours minus plain": outcome.gain, **outcome.by_tag}
    for name, estimates in rows.items():
        cells = "".join(f"{one.value:8.3f} [{one.low:5.3f}, {one.high:5.3f}]".rjust(24) for one in estimates.values())
        lines.append(f"{name:<{width}}{cells}")
    return lines


if __name__ == "__main__":
    main()
