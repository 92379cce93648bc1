"""How good a ranking is against the passages known to be right, and how sure we can be of an average.

Every function takes one ranking, best first, and the set of right ids; an empty set has no score and is refused.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def recall_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """The share of the right ids that stand among the first k, in [0, 1]."""
    return len(_found(k, ranked, gold)) / len(_some(gold))


def precision_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """The share of the first k places taken by right ids, in [0, precision_cap]; missing places count as wrong."""
    return len(_found(k, ranked, _some(gold))) / k


def precision_cap(k: int, gold: Collection[str]) -> float:
    """The highest precision@k any ranking can have: with fewer than k right ids it is below 1."""
    return min(k, len(_some(gold))) / k


def hit_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """1.0 where at least one right id stands among the first k, else 0.0."""
    return float(bool(_found(k, ranked, _some(gold))))


def ndcg_at(k: int, ranked: Sequence[str], gold: Collection[str]) -> float:
    """Normalised discounted cumulative gain of the first k with gains of 0 and 1, in [0, 1].

    A right id that stands there twice gains once, at its first place.
    """
    first = {one: place for place, one in reversed(list(enumerate(ranked[:k], 1)))}
    gain = sum(1 / math.log2(first[one] + 1) for one in set(_some(gold)) if one in first)
    return gain / sum(1 / math.log2(place + 1) for place in range(1, min(k, len(set(gold))) + 1))


def reciprocal_rank(ranked: Sequence[str], gold: Collection[str]) -> float:
    """1 / the place of the first right id; 0.0 where there is none. Its mean over queries is the MRR."""
    _some(gold)
    return next((1 / place for place, one in enumerate(ranked, 1) if one in gold), 0.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its bootstrap interval (95 % unless said otherwise); n counts the values."""

    value: float
    low: float
    high: float
    n: int


def bootstrap_interval(
    values: Sequence[float], groups: Sequence[Hashable], *, level: float = 0.95, samples: int = 2000, seed: int = 0
) -> Estimate:
    """The mean of the values and the interval in which it falls when whole groups are drawn anew.

    Rows of one group (turns of one conversation) are not independent, so groups are drawn and not rows.
    `values` and `groups` are of equal length, at least 1. `level`: how often the interval holds the mean, in (0, 1).
    """
    sums, counts = _by_group(values, groups)
    draw = np.random.default_rng(seed).integers(len(sums), size=(samples, len(sums)))  # (samples, groups)
    means = sums[draw].sum(axis=1) / counts[draw].sum(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(sums.sum() / counts.sum()), float(low), float(high), len(values))


def _by_group(values: Sequence[float], groups: Sequence[Hashable]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    members: dict[Hashable, list[float]] = defaultdict(list)
    for value, group in zip(values, groups, strict=True):
        members[group].append(value)
    if not members:
        raise ValueError("there are no values to average")
    sums = np.array([sum(one) for one in members.values()], dtype=np.float64)
    return sums, np.array([len(one) for one in members.values()], dtype=np.float64)


def _found(k: int, ranked: Sequence[str], gold: Collection[str]) -> set[str]:
    return set(ranked[:k]) & set(gold)


def _some(gold: Collection[str]) -> Collection[str]:
    if not gold:
        raise ValueError("a query without right answers has no score; leave it out")
    return gold
