"""The response ranker measured on rated replies it has not seen, and on the product's own drafts.

    python -m training.bench.ranker DIR [--split dev] [--out FOLDER] [--json]
    python -m training.bench.ranker --sample [--json]

DIR is described in training/bench/rated_replies.py; all splits but the one that is scored are learned from. FOLDER
keeps the index for the next run.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from core.bootstrap import make_suggester, open_store
from core.clock import utc_now
from core.ingest_command import ingest_paths
from core.knowledge_base import make_embedder, make_retriever
from core.ports import Embedder
from core.response_ranker.lookup import KnowledgeLookup, Lookup
from core.response_ranker.ranker import load_ranker
from core.sample import sample_articles_dir, sample_cases
from core.settings import Settings
from training.bench.own_drafts import OwnDrafts, measure_own_drafts
from training.bench.pairwise import longer_wins, pairwise_accuracy
from training.bench.rated_replies import Rated, article_lines, rate, read_pairs
from training.evaluation.metrics import Estimate
from training.trainers.artefact import Job
from training.trainers.ranker import train_ranker


@dataclass(frozen=True, slots=True)
class RatedOutcome:
    """Pairwise accuracy on the pairs that were left out: in all, and by kind of pair (training/bench/pairwise.py).

    `left_out_in_training`: the same on the training pairs, each scored without its conversation.
    """

    learned_from: int
    accuracy: Mapping[str, Estimate]
    longer_wins: Estimate
    left_out_in_training: float
    seconds: float


def measure_rated(
    rated: Sequence[Rated], later: Sequence[Rated], embedder: Embedder, lookup: Lookup, folder: Path
) -> RatedOutcome:
    """Learn from the first, score the others."""
    train = [one.row for one in rated]
    artefact = train_ranker(
        train, embedder, Job(folder / "ranker", parent=0, data_hash=f"{len(train)} rated", lookup=lookup)
    )
    return RatedOutcome(
        learned_from=len(train),
        accuracy=pairwise_accuracy(load_ranker(artefact.folder, embedder, lookup), later),
        longer_wins=longer_wins(later),
        left_out_in_training=artefact.manifest["metrics"]["accuracy"],
        seconds=artefact.manifest["seconds"],
    )


@click.command()
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--split", default="dev", show_default=True, help="Which pairs to score.")
@click.option("--sample", is_flag=True, help="Measure on drafts for the sample cases instead of DIRECTORY.")
@click.option("--limit", type=click.IntRange(min=20), help="Only every k-th sample case, about this many.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Keeps the index and the results.")
@click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")
def main(directory: Path | None, split: str, sample: bool, limit: int | None, out: Path | None, as_json: bool) -> None:
    """Measure the response ranker on DIRECTORY, or on the sample."""
    if (directory is None) == (not sample):
        raise click.UsageError("Give either DIRECTORY or --sample.")
    with nullcontext(out) if out else tempfile.TemporaryDirectory() as folder:
        place = Path(str(folder)).resolve()
        outcome = _rated(directory, split, place) if directory else _own_drafts(limit, place)
        if out:
            (place / "ranker.json").write_text(json.dumps(asdict(outcome), indent=2) + "\n", "utf-8")
    if as_json:
        click.echo(json.dumps(asdict(outcome)))
        return
    for line in _rated_table(outcome) if isinstance(outcome, RatedOutcome) else _own_table(outcome):
        click.echo(line)


def _rated(directory: Path, split: str, folder: Path) -> RatedOutcome:
    pairs = read_pairs(directory)
    if split not in {one.split for one in pairs}:
        raise click.UsageError(f"There is no preference in split {split!r}.")
    home = folder / f"home-{directory.name}"
    home.mkdir(parents=True, exist_ok=True)
    settings = Settings.from_environment({"AITL_HOME": str(home)})
    articles = home / "articles.jsonl"
    articles.write_text("".join(article_lines(directory)), "utf-8")
    with open_store(settings) as store:
        embedder = make_embedder(settings)
        ingest_paths([articles], settings, store, embedder)
        retriever = make_retriever(settings, store.knowledge, embedder)
        known, later = ([one for one in pairs if (one.split == split) == asked] for asked in (False, True))
        return measure_rated(
            rate(known, retriever, embedder),
            rate(later, retriever, embedder),
            embedder,
            KnowledgeLookup(retriever),
            folder,
        )


def _own_drafts(limit: int | None, folder: Path) -> OwnDrafts:
    cases = sample_cases()
    cases = cases[:: max(1, len(cases) // limit)] if limit else cases
    settings = Settings.from_environment({"AITL_HOME": str(folder / "home-sample")})
    with open_store(settings) as store:
        suggester = make_suggester(settings, store, utc_now)
        ingest_paths([sample_articles_dir()], settings, store, suggester.embedder)
        suggester.warm()
        return measure_own_drafts(suggester, cases, folder)


def _rated_table(outcome: RatedOutcome) -> list[str]:
    lines = [
        f"learned from {outcome.learned_from} pairs in {outcome.seconds:.0f} s; 95 % intervals by conversation",
        f"{'training pairs, their conversation left out':44}{outcome.left_out_in_training:6.3f}",
    ]
    rows = {**outcome.accuracy, "the longer reply wins": outcome.longer_wins}
    return lines + [f"{name:44}{_in_words(one)}  {one.n} pairs" for name, one in rows.items()]


def _own_table(outcome: OwnDrafts) -> list[str]:
    rows = {**outcome.first, "trained ranker minus as written": outcome.gain}
    return [
        f"{outcome.cases} cases, learned from {outcome.learned_from} others; cosine of the first draft to the human "
        "reply; 95 % intervals",
        *(f"{name:44}{_in_words(one)}" for name, one in rows.items()),
        f"{'pairs ordered as preferred, left out':44}{outcome.accuracy:6.3f}",
        f"{'seconds of ranking per second of drafting':44}{outcome.cost:6.3f}",
    ]


def _in_words(one: Estimate) -> str:
    return f"{one.value:6.3f} [{one.low:.3f}, {one.high:.3f}]"


if __name__ == "__main__":
    main()
