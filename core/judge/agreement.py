"""How far the judge can be trusted: its precision, and its agreement with people who did not know its verdict.

Cohen's kappa: Cohen 1960, A Coefficient of Agreement for Nominal Scales. The intervals draw whole cases anew, because
what was said about one case is not independent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.annotations import AnnotationKind, Verdict

Array = NDArray[np.float64]

FEWEST = 20  # audits below which a figure says nothing
SAMPLES = 2000
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Audited:
    """A ruling, and whether a second person would let the annotation teach."""

    kind: AnnotationKind
    case_id: str
    verdict: Verdict
    may_teach: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % bootstrap interval. `n` audits are behind it; fewer than `FEWEST`: the others are None.

    They are None too where the value does not exist: kappa, where judge and people only ever say one thing.
    """

    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one kind of annotation, or of all.

    `accepted`: the share of what the judge lets teach that people would let teach; `held`: the share of what it holds
    that they would not; `kappa`: Cohen's, 1 for agreement throughout, 0 for what chance would give.
    """

    accepted: Figure
    held: Figure
    kappa: Figure


def agreement(audited: Iterable[Audited]) -> Agreement:
    """Judge against people."""
    tables = _tables(audited)
    n = tables.sum(axis=0)
    return Agreement(
        accepted=_figure(tables, lambda one: _share(one[:, 0], one[:, 1]), n[0] + n[1]),
        held=_figure(tables, lambda one: _share(one[:, 3], one[:, 2]), n[2] + n[3]),
        kappa=_figure(tables, _kappa, n.sum()),
    )


def agreement_by_kind(audited: Sequence[Audited]) -> dict[AnnotationKind, Agreement]:
    """The same for each kind that was audited."""
    kinds = sorted({one.kind for one in audited})
    return {kind: agreement(one for one in audited if one.kind == kind) for kind in kinds}


def _tables(audited: Iterable[Audited]) -> Array:
    """(cases, 4): how often the judge lets teach and a person too, only the judge, only the person, and neither."""
    by_case: dict[str, list[float]] = defaultdict(lambda: [0.0] * 4)
    for one in audited:
        by_case[one.case_id][2 * (one.verdict == "held") + (not one.may_teach)] += 1
    return np.array(list(by_case.values()), dtype=np.float64).reshape(-1, 4)


def _figure(tables: Array, measure: Callable[[Array], Array], n: float) -> Figure:
    """`measure` gives one value per row of four counts, not a number where there is none."""
    count = int(n)
    if count < FEWEST:
        return Figure(count)
    value = float(measure(tables.sum(axis=0, keepdims=True))[0])
    # Cases that say the same are drawn together: how often each sort comes up when as many as there are are drawn.
    sorts, times = np.unique(tables, axis=0, return_counts=True)
    drawn = np.random.default_rng(0).multinomial(len(tables), times / len(tables), size=SAMPLES)  # (samples, sorts)
    values = measure(drawn @ sorts)
    values = values[~np.isnan(values)]
    if np.isnan(value) or not len(values):
        return Figure(count)
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(count, value, float(low), float(high))


def _share(part: Array, rest: Array) -> Array:
    return _divided(part, part + rest)


def _kappa(tables: Array) -> Array:
    """(observed - expected) / (1 - expected), with the agreement that chance would give as expected."""
    both, judge_only, person_only, neither = tables.T
    n = tables.sum(axis=1)
    observed = (both + neither) * n
    expected = (both + judge_only) * (both + person_only) + (neither + judge_only) * (neither + person_only)
    return _divided(observed - expected, n * n - expected)


def _divided(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)
