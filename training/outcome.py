"""What a cycle says when it is over: the object of `aitl train --json`, and sentences for a lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.registry.bundle import NewBundle, Part, PartRef
from core.retrieval.confidence import MEASURE
from training.evaluation.evaluate import Evaluation
from training.evaluation.gate import Decision, Scores
from training.evaluation.verdict import measure_of

Outcome = dict[str, Any]
# Kept from the gate's decision until it is registered, and no part of what is said.
BUNDLE, LESSONS = "bundle", "lessons"
_DIGITS = 4


def skipped(reason: str, data: Mapping[str, Any], left_out: Mapping[Part, str] | None = None) -> Outcome:
    """Nothing came of it, and why."""
    return {
        "data": dict(data),
        "parts": {},
        "left_out": dict(left_out or {}),
        "verdict": "insufficient data",
        "reason": reason,
        "version": None,
        "next": "The champion serves on; the next run tries again.",
    }


def decided(
    new: NewBundle,
    decision: Decision,
    data: Mapping[str, Any],
    left_out: Mapping[Part, str],
    lessons: Sequence[str],
) -> Outcome:
    """What is kept at the moment of the decision: all that registering needs."""
    return {
        "data": dict(data),
        **new.metrics,
        "left_out": dict(left_out),
        "verdict": decision.verdict,
        "reason": decision.reason,
        "share": decision.share,
        "version": None,
        BUNDLE: asdict(new),
        LESSONS: list(lessons),
    }


def new_bundle(kept: Mapping[str, Any]) -> NewBundle:
    """The bundle that was decided on."""
    values = dict(kept[BUNDLE])
    return NewBundle(**{**values, "parts": {part: PartRef(**ref) for part, ref in values["parts"].items()}})


def public(kept: Mapping[str, Any]) -> Outcome:
    """Without what was kept for registering."""
    return {name: value for name, value in kept.items() if name not in (BUNDLE, LESSONS)}


def measures(evaluation: Evaluation, trained: Sequence[Part], fewest_cases: int, parent: Mapping[str, Any]) -> Outcome:
    """Numbers for the record. `parts`: of each trained part, its own measure before and after.

    `parent`: its metrics; a bundle that searches as its parent does may be as sure of what it finds.
    """
    calibration = evaluation.calibration
    confidence = parent.get(MEASURE, {}) if calibration is None else calibration.described()
    own = {part: measure_of(part, evaluation, fewest_cases) for part in trained}
    return {
        "parts": {part: {} if one is None else _before_and_after(one) for part, one in own.items()},
        "measures": {name: _compared(one) for name, one in evaluation.scores.items()},
        "facts": {name: [round(old, _DIGITS), round(new, _DIGITS)] for name, (old, new) in evaluation.facts.items()},
        "language_model": {"compared": evaluation.compared, "consistent": evaluation.consistent},
        "frozen": {"right_before": evaluation.frozen, "missed": evaluation.missed},
        **({MEASURE: confidence} if confidence else {}),
    }


def shown_then(version: int, share: float) -> str:
    """What happens to a challenger now."""
    cases = "all cases" if share == 1.0 else f"{share:.0%} of the cases"
    return f"Version {version} is shown beside the champion on {cases} until the agents' preferences decide."


def refused_then(version: int) -> str:
    """What happens to one that was refused."""
    return f"The champion serves on; version {version} is kept for the record and answers nobody."


def _before_and_after(scores: Scores) -> Outcome:
    compared = _compared(scores)
    return {"measure": scores.name, "before": compared["champion"], "after": compared["challenger"]}


def _compared(scores: Scores) -> Outcome:
    change = scores.difference()
    return {
        "champion": round(sum(scores.champion) / len(scores.champion), _DIGITS),
        "challenger": round(sum(scores.challenger) / len(scores.challenger), _DIGITS),
        "change": round(change.value, _DIGITS),
        "low": round(change.low, _DIGITS),
        "high": round(change.high, _DIGITS),
        "cases": len(set(scores.cases)),
    }
