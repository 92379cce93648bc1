"""A whole measurement: the flywheel and the controls that were asked for, each in a home of its own.

    FOLDER/flywheel/knowledge    the passages, ingested once; every run starts as a copy
    FOLDER/flywheel/main         the flywheel itself
    FOLDER/flywheel/NAME         a control

A measurement that was killed is asked for again with the same options, and goes on in the round in which it was; one
that is asked for with more rounds goes on with those.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import fmean

from core.ports import Embedder
from training.bench.flywheel.controls import CONTROLS, Plan
from training.bench.flywheel.data import DataSet, read_data
from training.bench.flywheel.home import open_home
from training.bench.flywheel.results import Kept, Measurement
from training.bench.flywheel.rounds import Flywheel, Options, Round, make_knowledge
from training.bench.flywheel.scoring import RETRIEVAL
from training.bench.flywheel.stages import Stages

FOLDER, KNOWLEDGE, MAIN = "flywheel", "knowledge", "main"
_STATE = "rounds.json"


def measure_flywheel(
    directory: Path,
    out: Path,
    options: Options,
    limit: int | None,
    controls: Sequence[str],
    say: Callable[[str], None],
) -> Measurement:
    """Run what has not been run yet. Raises ConfigurationError."""
    data = read_data(directory, limit, options.seed)
    place = out.resolve() / FOLDER
    begun = {"data": directory.name, "seed": options.seed, "limit": limit}
    plans = {MAIN: Plan(), **{name: CONTROLS[name] for name in controls}}
    runs = {name: Kept.read(place / name / _STATE, begun) for name in plans}
    ahead = Ahead(
        sum(number > 0 for name, plan in plans.items() for number in _rounds_ahead(runs[name], plan, options))
    )
    knowledge = _knowledge(data, place / KNOWLEDGE, options.embedder, say)
    for name, plan in plans.items():
        runs[name] = _run(data, plan, options, place / name, runs[name], partial(_told, say, ahead, name))
    return Measurement(runs.pop(MAIN), runs, knowledge, {**begun, "scored_split": data.scored})


@dataclass
class Ahead:
    """What is left to do. `rounds`: of all runs in which something is learned, when it began."""

    rounds: int
    since_s: float = field(default_factory=time.monotonic)
    spent_s: list[float] = field(default_factory=list)

    def after(self, number: int) -> str:
        """About how long the others take, each as long as those that are done; "" where none is, and after the last."""
        now_s = time.monotonic()
        if number:  # the first only plays history
            self.spent_s.append(now_s - self.since_s)
        self.since_s = now_s
        left = self.rounds - len(self.spent_s)
        return f" About {max(1, round(fmean(self.spent_s) * left / 60))} min left." if left and self.spent_s else ""


def _rounds_ahead(kept: Kept, plan: Plan, options: Options) -> range:
    return range(len(kept.rounds), (options.rounds if plan.live else min(1, options.rounds)) + 1)


def _told(say: Callable[[str], None], ahead: Ahead, name: str, one: Round) -> None:
    scores = ", ".join(f"{score} {one.scores[score].value:.3f}" for score in RETRIEVAL if score in one.scores)
    outcome = one.outcome.get("reason", "")
    said = " ".join(filter(None, (scores and f"{scores}.", outcome))) or "done."
    say(f"{name}: round {one.number}: {said}{ahead.after(one.number)}")


def _knowledge(data: DataSet, folder: Path, embedder: Embedder | None, say: Callable[[str], None]) -> Stages:
    """What ingesting took; it is done once, and again where it was killed."""
    kept = Kept.read(folder / _STATE, {"data": data.folder.name})
    if not kept.rounds:
        say("ingesting the passages")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make_knowledge(data, folder, embedder, kept.stages)
        kept.add(Round(0, {}))
    return kept.stages


def _run(data: DataSet, plan: Plan, options: Options, folder: Path, kept: Kept, say: Callable[[Round], None]) -> Kept:
    """All rounds of one run that are not done yet."""
    ahead = _rounds_ahead(kept, plan, options)
    if not ahead:
        return replace(kept, rounds=kept.rounds[: ahead.stop])
    _begin(folder)
    with open_home(folder, options.embedder) as home:
        flywheel = Flywheel(home, data, plan, options, kept.stages, ahead.stop - 1, each=folder.name == MAIN)
        for number in ahead:
            one = flywheel.after(number) if number else flywheel.before()
            kept.add(one)
            say(one)
    return kept


def _begin(folder: Path) -> None:
    """A copy of the knowledge, whole or not there at all."""
    if folder.is_dir():
        return
    unfinished = folder.with_suffix(".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(folder.parent / KNOWLEDGE, unfinished, ignore=shutil.ignore_patterns(_STATE, "*.lock"))
    unfinished.rename(folder)
