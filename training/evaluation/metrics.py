"""How sure we can be of an average: a mean and its bootstrap interval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
