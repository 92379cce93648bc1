"""The gate: is a challenger good enough to be shown beside the champion?

Both answer the same cases, later than those they learned from; the difference is bootstrapped by case, because rows
of one case are not independent. The verdicts and what each does are the product's; the margins are its settings.

    superior           the whole interval lies above 0                            becomes challenger
    non-inferior       the whole interval lies above -margin                      becomes challenger
    inferior           the whole interval lies below 0                            refused
    inconclusive       none of these                                              challenger on a fifth of the cases
    insufficient data  fewer cases than can tell a difference as large as margin  skipped
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from training.evaluation.metrics import Estimate, bootstrap_interval

Verdict = Literal["superior", "non-inferior", "inconclusive", "inferior", "insufficient data"]
# How large a part of the cases a challenger with this verdict is shown on.
SHARE: Mapping[Verdict, float] = {
    "superior": 1.0,
    "non-inferior": 1.0,
    "inconclusive": 0.2,
    "inferior": 0.0,
    "insufficient data": 0.0,
}

LEVEL = 0.90
# So far down an equal challenger does not come by the leaning of a measure alone (simulated: see verdict.py).
LEANING = 0.2


@dataclass(frozen=True, slots=True)
class Scores:
    """One measure of both on the same rows, a higher score being better.

    `champion[i]` and `challenger[i]` are of the row `i`, which belongs to the case `cases[i]`.
    """

    name: str
    champion: Sequence[float]
    challenger: Sequence[float]
    cases: Sequence[Hashable]

    def difference(self, level: float = 0.95) -> Estimate:
        """Challenger minus champion, with its interval. Raises ValueError where there are no rows."""
        pairs = zip(self.challenger, self.champion, strict=True)
        return bootstrap_interval([new - old for new, old in pairs], self.cases, level=level)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one measure. `cases` counts cases, not rows."""

    name: str
    verdict: Verdict
    difference: Estimate | None  # None with insufficient data
    cases: int

    @property
    def in_words(self) -> str:
        """One sentence that a lead understands."""
        if self.difference is None:
            return f"{self.name}: {self.cases} cases are too few to tell"
        change, low, high = (round(x, 3) for x in (self.difference.value, self.difference.low, self.difference.high))
        return f"{self.name} changes by {change:+g} (between {low:+g} and {high:+g} on {self.cases} cases)"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the gate decides on a challenger: the verdict, on which share of cases it may be shown, and why."""

    verdict: Verdict
    share: float
    reason: str
    judgements: tuple[Judgement, ...]


def judge(scores: Scores, margin: float, fewest_cases: int, level: float = LEVEL) -> Judgement:
    """The verdict on one measure. Each bound is one-sided at 5 %, so the interval holds 90 % unless said otherwise."""
    cases = len(set(scores.cases))
    if cases < max(fewest_cases, 1):
        return Judgement(scores.name, "insufficient data", None, cases)
    found = scores.difference(level=level)
    verdict: Verdict = "inconclusive"
    if found.low > 0:
        verdict = "superior"
    elif found.low > -margin:
        verdict = "non-inferior"
    elif found.high < 0:
        verdict = "inferior"
    return Judgement(scores.name, verdict, found, cases)


def decide(
    primary: Scores,
    guards: Sequence[Scores] = (),
    *,
    margin: float,
    fewest_cases: int,
    vetoes: Sequence[str] = (),
    doubts: Sequence[Scores] = (),
) -> Decision:
    """The verdict on the primary measure, unless a guard speaks against it.

    `guards`: slices and side measures; one that is inferior refuses the challenger, one with too few cases is silent.
    They share the chance of a false alarm among them (Bonferroni): else one of ten would refuse an equal challenger
    by mere chance in four of ten cycles.
    `vetoes`: sentences of what must never happen and did, such as a frozen question that is missed now.
    `doubts`: measures that lean against any challenger. One that is inferior does not refuse it unless by more than
    `LEANING`, but then nothing else makes sure that it is as good: live preferences decide, on a fifth of the cases.
    """
    first = judge(primary, margin, fewest_cases)
    level = 1 - (1 - LEVEL) / max(1, len(guards))
    others = tuple(judge(guard, margin, fewest_cases, level) for guard in guards)
    judgements = (first, *others)
    harmed = [one for one in others if one.verdict == "inferior"]
    if first.verdict == "insufficient data":
        missing = fewest_cases - first.cases
        reason = f"Skipped: {first.cases} later cases can be compared, {missing} more are needed."
        return Decision("insufficient data", 0.0, reason, judgements)
    if vetoes:
        return Decision("inferior", 0.0, f"Refused: {vetoes[0]}", judgements)
    lean = tuple(judge(doubt, margin, fewest_cases) for doubt in doubts)
    doubted = [one for one in lean if one.verdict == "inferior"]
    harmed += [one for one in doubted if one.difference is not None and one.difference.high < -LEANING]
    judgements += lean
    if harmed:
        return Decision("inferior", 0.0, f"Refused: {harmed[0].in_words}.", judgements)
    if doubted and first.verdict in ("superior", "non-inferior"):
        reason = f"{_OPENINGS['inconclusive']}: {first.in_words}, but {doubted[0].in_words}."
        return Decision("inconclusive", SHARE["inconclusive"], reason, judgements)
    return Decision(first.verdict, SHARE[first.verdict], f"{_OPENINGS[first.verdict]}: {first.in_words}.", judgements)


_OPENINGS: Mapping[Verdict, str] = {
    "superior": "Better",
    "non-inferior": "As good",
    "inconclusive": "Not clear yet, so it is shown on a fifth of the cases",
    "inferior": "Refused",
}
