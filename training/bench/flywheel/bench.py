"""A whole measurement: the flywheel and the controls that were asked for, each in a home of its own.

    FOLDER/flywheel/knowledge    the passages, ingested once; every run starts as a copy
    FOLDER/flywheel/main         the flywheel itself
    FOLDER/flywheel/NAME         a control

A measurement that was killed is asked for again with the same options, and goes on in the round in which it was; one
that is asked for with more rounds goes on with those.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

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
    knowledge = _knowledge(data, place / KNOWLEDGE, options.embedder, say)
    runs: dict[str, Kept] = {}
    for name, plan in {MAIN: Plan(), **{name: CONTROLS[name] for name in controls}}.items():
        runs[name] = _run(data, plan, options, place / name, begun, partial(_named, say, name))
    return Measurement(runs.pop(MAIN), runs, knowledge, {**begun, "scored_split": data.scored})


def _named(say: Callable[[str], None], name: str, words: str) -> None:
    say(f"{name}: {words}")


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


def _run(
    data: DataSet, plan: Plan, options: Options, folder: Path, begun: Mapping[str, Any], say: Callable[[str], None]
) -> Kept:
    """All rounds of one run that are not done yet."""
    kept = Kept.read(folder / _STATE, begun)
    rounds = options.rounds if plan.live else min(1, options.rounds)
    if len(kept.rounds) > rounds:
        return replace(kept, rounds=kept.rounds[: rounds + 1])
    _begin(folder)
    with open_home(folder, options.embedder) as home:
        flywheel = Flywheel(home, data, plan, options, kept.stages, rounds, each=folder.name == MAIN)
        for number in range(len(kept.rounds), rounds + 1):
            one = flywheel.after(number) if number else flywheel.before()
            kept.add(one)
            say(_told(one))
    return kept


def _begin(folder: Path) -> None:
    """A copy of the knowledge, whole or not there at all."""
    if folder.is_dir():
        return
    unfinished = folder.with_suffix(".partial")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(folder.parent / KNOWLEDGE, unfinished, ignore=shutil.ignore_patterns(_STATE, "*.lock"))
    unfinished.rename(folder)


def _told(one: Round) -> str:
    scores = ", ".join(f"{name} {one.scores[name].value:.3f}" for name in RETRIEVAL if name in one.scores)
    return f"round {one.number}: {scores}" + (f". {one.outcome['reason']}" if one.outcome else "")
