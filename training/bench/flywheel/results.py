"""What a run found: kept after every round, so that a killed one goes on, and written down for others to read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from core.errors import ConfigurationError
from training.bench.flywheel.rounds import NOT_LEARNING, Round
from training.bench.flywheel.scoring import PRECISION_SHARE, RATED, RETRIEVAL
from training.bench.flywheel.stages import Stages
from training.evaluation.metrics import Estimate

METRICS = (*RETRIEVAL, PRECISION_SHARE, *RATED.values(), "rouge_l", "cosine")
_DIGITS = 4


@dataclass
class Kept:
    """The rounds of one run that are done, in a file. `options`: what the run was begun with."""

    file: Path
    options: Mapping[str, Any]
    rounds: list[Round] = field(default_factory=list)
    stages: Stages = field(default_factory=Stages)

    @classmethod
    def read(cls, file: Path, options: Mapping[str, Any]) -> Kept:
        """What is there; nothing yet, where there is no file.

        Raises ConfigurationError where it was begun with other options: their rounds cannot be put together.
        """
        if not file.is_file():
            return cls(file, options)
        held = json.loads(file.read_text("utf-8"))
        if held["options"] != dict(options):
            raise ConfigurationError(
                f"{file.parent} holds a run with other options ({_differing(held['options'], options)}); "
                "give another --out, or remove that folder."
            )
        return cls(file, options, [_round(one) for one in held["rounds"]], Stages(**held["stages"]))

    def add(self, one: Round) -> None:
        """Keep it: from now on it is not done again."""
        self.rounds.append(one)
        values = {
            "options": self.options,
            "rounds": [asdict(one) for one in self.rounds],
            "stages": asdict(self.stages),
        }
        partial = self.file.with_suffix(".partial")
        partial.write_text(json.dumps(values, indent=1, default=str), "utf-8")
        partial.replace(self.file)


@dataclass(frozen=True)
class Measurement:
    """The runs, what ingesting took before any of them, and what they were made on."""

    main: Kept
    controls: Mapping[str, Kept]
    knowledge: Stages
    described: Mapping[str, Any]


def as_json(measured: Measurement) -> dict[str, Any]:
    """The content of results.json."""
    main = measured.main
    first, last = main.rounds[0].scores, main.rounds[-1].scores
    both = [name for name in METRICS if name in first and name in last]
    return {
        **measured.described,
        "rounds": [_described(one) for one in main.rounds],
        "gain": {name: round(last[name].value - first[name].value, _DIGITS) for name in both},
        "gain_relative": {
            name: round(last[name].value / first[name].value - 1, _DIGITS) for name in both if first[name].value
        },
        "controls": {name: _plain(kept.rounds[-1].scores) for name, kept in measured.controls.items() if kept.rounds},
        "seconds": _by_stage(measured, "seconds"),
        "cpu_seconds": _by_stage(measured, "cpu_seconds"),
        "peak_mib": _by_stage(measured, "peaks_mib"),
    }


def print_results(measured: Measurement, console: Console) -> None:
    """Every metric by round with its interval, the controls beside it, then time and memory by stage."""
    rounds = [(f"round {one.number}", one) for one in measured.main.rounds]
    columns = rounds + [(name, kept.rounds[-1]) for name, kept in measured.controls.items() if kept.rounds]
    table = Table("", *(name for name, _ in columns), box=None, pad_edge=False)
    for metric in METRICS:
        if any(metric in one.scores for _, one in columns):
            table.add_row(metric, *(_cell(one.scores.get(metric)) for _, one in columns))
    table.add_row("questions", *(str(_questions(one)) for _, one in columns))
    table.add_row("verdict", *(one.outcome.get("verdict", "") for _, one in columns))
    table.add_row("cases so far", *(f"{one.cases:,}" for _, one in columns))
    table.add_row("learning, s", *(f"{_learning_s(one):,.0f}" for _, one in columns))
    table.add_row("per 1,000 cases", *(f"{_per_1000_cases(one):,.0f}" for _, one in columns))
    console.print(table)
    figures = [_by_stage(measured, name) for name in ("seconds", "cpu_seconds", "peaks_mib")]
    stages = Table("stage", "seconds", "of processors", "peak MiB", box=None, pad_edge=False)
    for stage in figures[0]:
        stages.add_row(stage, *(f"{one[stage]:,.0f}" for one in figures))
    console.print(stages)


def _described(one: Round) -> dict[str, Any]:
    values: dict[str, Any] = {"round": one.number}
    for name, estimate in one.scores.items():
        values[name] = round(estimate.value, _DIGITS)
        values[f"{name}_ci"] = [round(estimate.low, _DIGITS), round(estimate.high, _DIGITS)]
    said = {name: one.outcome[name] for name in ("verdict", "reason", "data", "left_out") if name in one.outcome}
    spent = {name: round(seconds, 1) for name, seconds in one.seconds.items()}
    counted = {"n": _questions(one), "champion": one.champion, "cases": one.cases, "seconds": spent}
    cost = {"learning_seconds": round(_learning_s(one), 1), "per_1000_cases": round(_per_1000_cases(one), 1)}
    return {**values, **counted, **cost, **said}


def _learning_s(one: Round) -> float:
    """What a cycle took: from reading what was said to the version that is registered."""
    return sum(seconds for stage, seconds in one.seconds.items() if stage not in NOT_LEARNING)


def _per_1000_cases(one: Round) -> float:
    return _learning_s(one) / one.cases * 1000 if one.cases else 0.0


def _by_stage(measured: Measurement, figure: str) -> dict[str, float]:
    both = {**getattr(measured.knowledge, figure), **getattr(measured.main.stages, figure)}
    return {name: round(value, 1) for name, value in both.items()}


def _plain(scores: Mapping[str, Estimate]) -> dict[str, float]:
    return {name: round(one.value, _DIGITS) for name, one in scores.items()}


def _cell(estimate: Estimate | None) -> str:
    return "" if estimate is None else f"{estimate.value:.3f}\n{estimate.low:.3f}–{estimate.high:.3f}"


def _questions(one: Round) -> int:
    return next((one.scores[name].n for name in RETRIEVAL if name in one.scores), 0)


def _round(held: Mapping[str, Any]) -> Round:
    scores = {name: Estimate(**one) for name, one in held["scores"].items()}
    return Round(held["number"], scores, held["outcome"], held["champion"], held["cases"], held["seconds"])


def _differing(held: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    names = sorted(name for name in {*held, *wanted} if held.get(name) != wanted.get(name))
    return ", ".join(f"{name} {held.get(name)}" for name in names)
