"""The rounds: cases are drafted for and annotated, judged, learned from, and whatever passes the gate serves next.

All of it is the product's own: retrieval, drafts, feedback, judge, data sets, trainers, gate and registry. Only what
takes weeks in a team is cut short: a challenger that the gate shows on all cases is promoted at once, without waiting
for live preferences. One that the gate is not sure of is the challenger on its fifth of the cases, and live preferences
decide about it as they do in a team.

A run that was killed goes on where it was: cases, clicks and cycles are named by their numbers, and what is there
already is not done again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.feedback import Feedback
from core.ingest_command import ingest_paths
from core.judge.judge import Judge
from core.judge.ruling import Ruling
from core.ports import Embedder, Progress
from core.progress_bar import progress_bar
from core.redaction import redact
from core.registry.bundle import MODELS_FOLDER, Part
from core.registry.cycle import Phase
from core.store import Store
from training.bench.desk import READS
from training.bench.flywheel.agents import Agents
from training.bench.flywheel.controls import Plan
from training.bench.flywheel.data import LIVE, SEED, DataSet, Query, sample_of, write_articles
from training.bench.flywheel.home import Home, moment_of, open_home
from training.bench.flywheel.rated import Raters
from training.bench.flywheel.scoring import Scorer
from training.bench.flywheel.stages import Stages, Watch
from training.cycle import CycleOptions, Workshop, run_cycle
from training.evaluation.metrics import Estimate
from training.parts import RECIPES, Recipe, Workbench
from training.progress import drawn_bar
from training.schedule.comparison import compare_live

_BREAK = 72  # so many cases' time lies between two splits: the night in which is learned
BY = "flywheel"
PLAY, JUDGE, SCORE = "play", "judge", "score"
NOT_LEARNING = frozenset({PLAY, JUDGE, SCORE})  # stages; all others belong to a training cycle


@dataclass(frozen=True)
class Options:
    """`between`: so many questions are scored after the rounds between the first and the last. `embedder`: in place of
    the one that ships. `recipes`: of the parts that can be trained; the others are left out.
    """

    rounds: int = len(LIVE)
    seed: int = 0
    between: int = 300
    embedder: Embedder | None = None
    cycle: CycleOptions = field(default_factory=CycleOptions)
    recipes: Mapping[Part, Recipe] = field(default_factory=lambda: RECIPES)


@dataclass(frozen=True, slots=True)
class Round:
    """What was measured after a round, where anything was; round 0 is before the first.

    `outcome`: what the training cycle said. `cases`: how many had been played by then. `seconds`: that this round took,
    by stage.
    """

    number: int
    scores: Mapping[str, Estimate]
    outcome: Mapping[str, Any] = field(default_factory=dict)
    champion: int = 0
    cases: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)


def make_knowledge(data: DataSet, folder: Path, embedder: Embedder | None, stages: Stages) -> None:
    """Ingest the passages into a home of its own, from which every run starts as a copy."""
    with open_home(folder, embedder) as home, stages.stage("ingest"):
        articles = write_articles(data.folder, folder / "articles.jsonl")
        ingest_paths([articles], home.settings, home.store, home.shared.embedder)


@dataclass
class Flywheel:
    """One run in an open home. `last`: the number of its last round. `each`: whether all rounds are scored, or only
    that one.
    """

    home: Home
    data: DataSet
    plan: Plan
    options: Options
    stages: Stages
    last: int
    each: bool = True

    def __post_init__(self) -> None:
        store, embedder = self.home.store, self.home.shared.embedder
        articles = {one.id: one.article_id for one in store.knowledge.current_snippets()}
        feedback = Feedback(store, self.home.clock, redact)
        self._agents = Agents(feedback, embedder, self.plan.manners, sorted({*articles.values()}), self.options.seed)
        self._raters = Raters(store, feedback)
        self._score = Scorer(articles, embedder, self.data.pairs)

    def before(self) -> Round:
        """Play history, and measure what it is like before anything was learned."""
        spent = self.stages.since()
        self._play(SEED)
        scores = self._scored(0)
        return Round(0, scores, cases=self._cases(0), seconds=spent())

    def after(self, number: int) -> Round:
        """Play one round, learn from all that was said so far, and measure."""
        spent = self.stages.since()
        if self.plan.live:
            self._play(LIVE[number - 1])
        outcome = self._learned(number)
        champion = self.home.store.registry.aliases().champion
        scores = self._scored(number)
        return Round(number, scores, outcome, champion, self._cases(number if self.plan.live else 0), spent())

    def _play(self, split: str) -> None:
        first = self._first_number(split)
        queries = self.data.splits.get(split, ())
        self.home.suggester.warm()
        with self._step(PLAY, f"Working through {split}") as progress:
            for place, query in enumerate(queries):
                self._case(query, first + place)
                progress(place + 1, len(queries))
        self.home.clock.now = moment_of(first + len(queries))
        self._judge()

    def _case(self, query: Query, number: int) -> None:
        suggestion = self.home.opened(query, number)
        with self.home.store.transaction():
            self._agents.annotate(query, suggestion, self.home.clock())
        if "preference" in self.plan.manners.kinds:
            self._raters.rate(suggestion, self.data.pairs.get(query.id, ()), self.home.clock() + READS)

    def _judge(self) -> None:
        with self.stages.stage(JUDGE):
            Judge(self.home.store).round() if self.plan.judged else accept_all(self.home.store)
            compare_live(self.home.store, self.home.examine)

    def _learned(self, number: int) -> Mapping[str, Any]:
        """One training cycle, as `aitl train` runs it, and what follows from the gate's verdict."""
        home, options = self.home, self.options
        bench = Workbench(home.settings, home.settings.home / MODELS_FOLDER, options.seed, options.recipes)
        watch = Watch(self.stages)
        with drawn_bar() as bar:

            def report(phase: Phase, doing: str, done: int, total: int) -> None:
                watch.enter(f"{phase} {doing}" if phase == "train" else phase)
                bar(phase, doing, done, total)

            shop = Workshop(home.settings, home.store, home.clock, home.shared, bench, options.cycle, report)
            parts = [part for part in self.plan.parts if part in options.recipes]
            outcome = run_cycle(shop, parts, f"{BY}-{number}")
            watch.leave()
        if outcome["version"] is not None and outcome["share"] == 1.0:
            home.promote(outcome["version"], "The gate says yes; live preferences are not waited for.")
        return outcome

    def _scored(self, number: int) -> Mapping[str, Estimate]:
        if number != self.last and not self.each:
            return {}
        queries: Sequence[Query] = self.data.splits[self.data.scored]
        if number not in (0, self.last):
            queries = sample_of(queries, self.options.between, self.options.seed)
        suggester = self.home.champion()
        with self._step(SCORE, "Scoring") as progress:
            return self._score(suggester, queries, self.home.clock(), progress)

    def _cases(self, number: int) -> int:
        return sum(len(self.data.splits.get(name, ())) for name in (SEED, *LIVE[:number]))

    def _first_number(self, split: str) -> int:
        """Of the cases of that split: what comes before it, and the breaks."""
        order = (SEED, *LIVE)
        before = order[: order.index(split)]
        return sum(len(self.data.splits.get(name, ())) + _BREAK for name in before)

    @contextmanager
    def _step(self, name: str, title: str) -> Iterator[Progress]:
        with self.stages.stage(name), progress_bar(title) as bar:
            yield bar


def accept_all(store: Store) -> None:
    """Whatever was said teaches with its whole weight."""
    for case_id in store.rulings.waiting():
        with store.transaction():
            if store.rulings.take(case_id):
                for said in store.annotations.of_case(case_id):
                    store.rulings.add(said.id, Ruling("accepted", 1.0), BY)
