"""From counts to figures: the whole list of what `/aitl metrics` tells, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import get_args

from core.annotations import Decision
from core.judge.agreement import Figure as JudgeFigure
from core.judge.agreement import agreement
from core.metrics.counted import Adopted, Counted
from core.metrics.figures import Figure
from core.metrics.intervals import grouped_share, mean, median, share
from core.values import DraftSource

Figures = dict[str, Figure]

OF_DRAFTS: tuple[Decision, ...] = ("as_is", "edited", "rejected")

# Every figure by its name, with its words.
TITLES: dict[str, str] = {
    "adoption.used": "Draft sent, as it is or edited",
    "adoption.as_is": "Draft sent as it is",
    "adoption.edited": "Draft sent after an edit",
    "adoption.rejected": "Both drafts refused",
    "adoption.own_reply": "Reply of the agent's own",
    **{
        f"adoption.{decision}.{source}": f"{{}} {words}"
        for source, words in (
            ("knowledge", "of drafts from articles"),
            ("solved_case", "of drafts from solved cases"),
            ("no_answer", "of drafts that know no answer"),
        )
        for decision in OF_DRAFTS
    },
    "edit_distance": "Share of the words that an edit changes",
    "preference.tie": "Both drafts the same",
    "preference.position_a": "Draft A preferred, of both positions",
    "preference.challenger": "Challenger preferred to champion",
    "precision_at_8": "Helpful, of the marked snippets",
    "outdated": "Outdated, of the marked snippets",
    "unanswerable": "Cases that no article answers",
    "suggestion_s": "From case to drafts",
    "reply_s": "From case to reply",
    "annotation_coverage": "Cases somebody has annotated",
    "annotation_s": "From drafts to annotation",
    "judge.accepted": "The judge accepts",
    "judge.downweighted": "The judge gives less weight",
    "judge.held": "The judge holds",
    "judge.precision": "People agree with what it lets teach",
    "judge.kappa": "Cohen's kappa of judge and people",
}
_BY_DECISION: dict[Decision, str] = {"as_is": "As it is,", "edited": "Edited,", "rejected": "Refused,"}
TITLES |= {
    name: title.format(_BY_DECISION[decision])
    for name, title in TITLES.items()
    for decision in OF_DRAFTS
    if name.startswith(f"adoption.{decision}.")
}


def figures_of(now: Counted, before: Counted) -> Figures:
    """Every figure of `TITLES`, in that order; `before`: the period that ended when this one began."""
    found, earlier = _measured(now), _measured(before)
    return {name: _beside(found[name], earlier[name]) for name in TITLES}


def _beside(now: Figure, before: Figure) -> Figure:
    return replace(now, previous=before.value, previous_low=before.low, previous_high=before.high)


def _measured(counted: Counted) -> Figures:
    decided = _decided(counted.adoptions)
    used = decided["as_is"] + decided["edited"]
    compared = sum(counted.preferences.values())
    strict = {(won, new): times for (won, new), times in counted.preferences.items() if won is not None}
    rivals = {(won, new): times for (won, new), times in strict.items() if new is not None}
    first = sum(times for (won, _), times in strict.items() if won == "a")
    newer = sum(times for (won, new), times in rivals.items() if won == new)
    marked = sum(rows * times for (_, rows), times in counted.marks.items())
    ruled = sum(times for verdict, times in counted.verdicts.items() if verdict != "pending")
    measured = [
        share("adoption.used", used, sum(decided.values())),
        *(share(f"adoption.{one}", decided[one], sum(decided.values())) for one in get_args(Decision)),
        *_by_source(counted.adoptions),
        mean("edit_distance", counted.edits, "share"),
        share("preference.tie", compared - sum(strict.values()), compared),
        share("preference.position_a", first, sum(strict.values())),
        share("preference.challenger", newer, sum(rivals.values())),
        grouped_share("precision_at_8", counted.marks),
        share("outdated", counted.outdated, marked),
        share("unanswerable", counted.unanswerable, counted.drafted),
        median("suggestion_s", counted.suggestion_s, "seconds"),
        median("reply_s", counted.reply_s, "seconds"),
        share("annotation_coverage", counted.annotated, counted.drafted),
        median("annotation_s", counted.annotation_s, "seconds"),
        share("judge.accepted", counted.verdicts.get("accepted", 0), ruled),
        share("judge.downweighted", counted.verdicts.get("downweighted", 0), ruled),
        share("judge.held", counted.verdicts.get("held", 0), ruled),
        *_audited(counted),
    ]
    return {one.name: one for one in measured}


def _decided(adoptions: Mapping[Adopted, int]) -> dict[Decision, int]:
    decided: dict[Decision, int] = dict.fromkeys(get_args(Decision), 0)
    for (decision, *_), times in adoptions.items():
        decided[decision] += times
    return decided


def _by_source(adoptions: Mapping[Adopted, int]) -> list[Figure]:
    """Of the drafts of a source about which was decided: the used ones, and those of refused pairs."""
    counts: dict[DraftSource, dict[Decision, int]] = {
        source: dict.fromkeys(OF_DRAFTS, 0) for source in get_args(DraftSource)
    }
    for (decision, slot, of_a, of_b), times in adoptions.items():
        if decision in OF_DRAFTS:
            judged = (of_a, of_b) if decision == "rejected" else (of_a if slot == "a" else of_b,)
            for source in judged:
                if source is not None:
                    counts[source][decision] += times
    return [
        share(f"adoption.{decision}.{source}", counts[source][decision], sum(counts[source].values()))
        for source in get_args(DraftSource)
        for decision in OF_DRAFTS
    ]


def _audited(counted: Counted) -> list[Figure]:
    found = agreement(counted.audited)
    return [
        _of_the_judge("judge.precision", "share", found.accepted),
        _of_the_judge("judge.kappa", "number", found.kappa),
    ]


def _of_the_judge(name: str, unit: str, one: JudgeFigure) -> Figure:
    return Figure(name, "share" if unit == "share" else "number", one.n, one.value, one.low, one.high)
