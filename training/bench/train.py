"""How long a cycle trains beside the libraries' own calls, and how that grows with the annotated cases.

    aitl bench train [--quick] [--out FOLDER]

Sample knowledge, sample cases and simulated agents (training/bench/desk.py), in a temporary home. Both sides of a row
are timed in this process, on the same rows, after a short run of each that loads what has to be loaded.
Growth: the same cases again and again in other words, on vectors of hashed words, so that what is timed is the product
and not the encoder.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from core.bootstrap import open_store
from core.bundles import assemble, make_shared
from core.hashed_words import HashedWordsEmbedder
from core.ids import new_id
from core.ingest_command import ingest_paths
from core.judge.judge import Judge
from core.ports import Embedder
from core.registry.bundle import BASE, Part
from core.sample import SampleCase, sample_articles_dir, sample_cases
from core.settings import Settings
from core.store import Store
from core.values import SNIPPETS_RETRIEVED, Suggestion, Turn
from training.bench.desk import APART, BenchClock, Desk
from training.datasets import Row
from training.examples import read_examples
from training.parts import RECIPES, encoder_folder
from training.plan import Rows, data_rows
from training.splits import split_by_time
from training.trainers import bare
from training.trainers.artefact import Job
from training.trainers.first_stage import FirstStage
from training.trainers.ranker import train_ranker

SLOWER_MOST = 1.15  # of all training together, against the libraries' own calls
_BEGINS = datetime(2026, 1, 5, 9, tzinfo=UTC)
_WARM = 8  # rows of a short run that loads what has to be loaded


@dataclass(frozen=True, slots=True)
class Sizes:
    """`cases`: annotated ones that are trained on. `growth`: how many there are, step by step. `epochs`: of both
    sides; None means as many as the trainers' defaults.
    """

    cases: int
    growth: tuple[int, ...]
    epochs: int | None = None


FULL = Sizes(cases=80, growth=(500, 1000, 2000, 5000))  # about 20 minutes on two quiet cores
QUICK = Sizes(cases=16, growth=(30, 60), epochs=1)


@dataclass(frozen=True, slots=True)
class Beside:
    """One part: seconds of ours and of the library's own call on the same rows."""

    part: str
    rows: int
    ours_s: float
    bare_s: float

    @property
    def ratio(self) -> float:
        """1.0: as fast."""
        return self.ours_s / self.bare_s


@dataclass(frozen=True, slots=True)
class Grown:
    """What one size takes: reading and splitting what was said, making rows, training the response ranker."""

    cases: int
    rows: int
    read_s: float
    rows_s: float
    ranker_s: float


@dataclass(frozen=True, slots=True)
class TrainResults:
    """All figures of one run."""

    parts: tuple[Beside, ...]
    growth: tuple[Grown, ...]

    @property
    def ratio(self) -> float:
        """All training together, against the bare calls."""
        return sum(one.ours_s for one in self.parts) / sum(one.bare_s for one in self.parts)

    def as_json(self) -> dict[str, object]:
        """For results.json."""
        steps = pairwise(self.growth)
        return {
            "parts": [{**asdict(one), "ratio": round(one.ratio, 3)} for one in self.parts],
            "ratio": round(self.ratio, 3),
            "ratio_limit": SLOWER_MOST,
            "growth": [asdict(one) for one in self.growth],
            # 1.0: twice the cases take twice the time.
            "growth_per_case": [round((_total(new) / new.cases) / (_total(old) / old.cases), 3) for old, new in steps],
        }


def measure_training(sizes: Sizes, say: Callable[[str], None]) -> TrainResults:
    """Everything, in a temporary folder. Nothing of AITL_HOME is read or written."""
    with tempfile.TemporaryDirectory() as folder:
        parts = _beside(Path(folder) / "home", sizes, say)
        growth = measure_growth(Path(folder) / "grown", sizes.growth, say)
    return TrainResults(tuple(parts), tuple(growth))


def _beside(home: Path, sizes: Sizes, say: Callable[[str], None]) -> list[Beside]:
    settings = Settings.from_environment({"AITL_HOME": str(home)})
    base = encoder_folder(settings)
    with _annotated(settings, sizes.cases, None, say) as (store, desk):
        rows = data_rows(read_examples(store).examples, store.knowledge.current_snippets())["relevance"]
        retriever = desk.suggester.retriever
        before = FirstStage(retriever.version, lambda turns: retriever.search(turns, SNIPPETS_RETRIEVED))
        job = Job(out=home, parent=BASE, data_hash="bench", first_stage=before)
        return [
            _timed(job, "retriever", rows, base, bare.train_bi_encoder, sizes.epochs, say),
            _timed(job, "reranker", rows, base, bare.train_cross_encoder, sizes.epochs, say),
        ]


def _timed(
    job: Job,
    part: Part,
    rows: Sequence[Row],
    base: Path,
    bare_call: Callable[..., None],
    epochs: int | None,
    say: Callable[[str], None],
) -> Beside:
    say(f"training the {part} on {len(rows)} rows, by the library alone and by ours")
    recipe, home = RECIPES[part], job.out
    options = recipe.options if epochs is None else replace(recipe.options, epochs=epochs)
    bare_call(rows[:_WARM], base, home / f"{part}-warm", options)
    bare_s = _seconds(lambda: bare_call(rows, base, home / f"{part}-bare", options))
    ours_s = _seconds(lambda: recipe.train(rows, base, replace(job, out=home / part), options))
    return Beside(part, len(rows), ours_s, bare_s)


@contextmanager
def _annotated(
    settings: Settings, cases: int, embedder: Embedder | None, say: Callable[[str], None]
) -> Iterator[tuple[Store, Desk]]:
    """A home whose agents have answered so many sample cases."""
    clock = BenchClock(_BEGINS)
    samples = sample_cases()
    random.Random(0).shuffle(samples)
    with open_store(settings, clock) as store:
        shared = make_shared(settings, store, embedder)
        say(f"answering {cases} sample cases")
        ingest_paths([sample_articles_dir()], settings, store, shared.embedder)
        suggester = assemble(settings, store, clock, store.registry.bundle(BASE), shared)
        desk = Desk(store, suggester, shared.embedder, clock)
        desk.work(samples[:cases])
        yield store, desk


def measure_growth(home: Path, sizes: Sequence[int], say: Callable[[str], None]) -> list[Grown]:
    """One measurement for each number of annotated cases, ascending, in a home made there."""
    settings, embedder = Settings.from_environment({"AITL_HOME": str(home)}), HashedWordsEmbedder()
    grown: list[Grown] = []
    with _annotated(settings, min(40, sizes[0]), embedder, say) as (store, desk):
        by_text = {one.turns[0].text: one for one in sample_cases()}
        shown = [(by_text[one.turns[0].text], one) for one in _suggestions(store) if one.turns[0].text in by_text]
        for size in sizes:
            say(f"{size} annotated cases")
            while desk.done < size:
                _again(store, desk, *shown[desk.done % len(shown)])
            Judge(store).round()
            grown.append(_grown(store, size, home, embedder))
    return grown


def _grown(store: Store, size: int, home: Path, embedder: Embedder) -> Grown:
    start = time.perf_counter()
    split = split_by_time(read_examples(store).examples)
    read_s, start = time.perf_counter() - start, time.perf_counter()
    rows: Rows = data_rows(split.train, store.knowledge.current_snippets())
    rows_s = time.perf_counter() - start
    lessons = [*rows["preference"], *rows["unpaired"]]
    job = Job(out=home / f"ranker-{size}", parent=BASE, data_hash=f"bench {size}")
    ranker_s = _seconds(lambda: train_ranker(lessons, embedder, job))
    return Grown(size, sum(map(len, rows.values())), read_s, rows_s, ranker_s)


def _suggestions(store: Store) -> list[Suggestion]:
    found = [store.suggestions.latest(case_id) for case_id in store.cases.ids()]
    return [one for one in found if one is not None]


def _again(store: Store, desk: Desk, sample: SampleCase, like: Suggestion) -> None:
    """Another case with the same drafts, asked in words of its own, and annotated."""
    clock, draw = desk.clock, random.Random(desk.done)
    clock.now += APART
    others = " ".join("".join(draw.choices("abcdefghijklmnoprstu", k=7)) for _ in range(8))
    turn = Turn("customer", f"{like.turns[-1].text} {others}", f"{desk.done}.0", clock())
    case, _ = store.cases.open("T", desk.channel, f"{desk.done}.0", "U_CUSTOMER", turn)
    made = replace(like, id=new_id("sug"), case_id=case.id, turns=case.turns, created_at=clock())
    desk.annotate(sample, store.suggestions.add(made))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _total(grown: Grown) -> float:
    return grown.read_s + grown.rows_s + grown.ranker_s
