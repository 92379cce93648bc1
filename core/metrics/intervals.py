"""95 % intervals for shares, means and medians, from counts or values.

Shares: Wilson 1927, Probable Inference, the Law of Succession, and Statistical Inference. Shares of rows that come in
groups: the same with the rows divided by Kish's design effect (Korn and Graubard 1998, Confidence Intervals for
Proportions with Small Expected Number of Positive Counts Estimated from Survey Data). Means: Student's t. Medians: the
two order statistics of the binomial distribution, approximated by the normal one (Conover 1999, Practical
Nonparametric Statistics, 3.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from core.metrics.counted import Groups
from core.metrics.figures import FEWEST, Figure, Unit

_Z = 1.959964  # the normal distribution's 97.5 % point


def share(name: str, hits: int, n: int) -> Figure:
    """`hits` of `n` independent rows."""
    if n < FEWEST:
        return Figure(name, "share", n)
    return Figure(name, "share", n, hits / n, *_wilson(hits / n, n))


def grouped_share(name: str, groups: Groups) -> Figure:
    """`groups`: (hits, rows) of a group -> how many groups are so. What is said in one group is not independent."""
    n = sum(rows * times for (_, rows), times in groups.items())
    if n < FEWEST:
        return Figure(name, "share", n)
    value = sum(hits * times for (hits, _), times in groups.items()) / n
    return Figure(name, "share", n, value, *_wilson(value, n / _design_effect(groups, value, n)))


def mean(name: str, values: Sequence[float], unit: Unit) -> Figure:
    """Of independent values."""
    from scipy.special import stdtrit  # here: it takes a fifth of a second, and many only want the command's help

    n = len(values)
    if n < FEWEST:
        return Figure(name, unit, n)
    value = math.fsum(values) / n
    deviation = math.sqrt(math.fsum((one - value) ** 2 for one in values) / (n - 1))
    reach = float(stdtrit(n - 1, 0.975)) * deviation / math.sqrt(n)
    return Figure(name, unit, n, value, value - reach, value + reach)


def median(name: str, values: Sequence[float], unit: Unit) -> Figure:
    """Of independent values; of an even number of them the mean of the middle two."""
    n = len(values)
    if n < FEWEST:
        return Figure(name, unit, n)
    in_order = np.sort(np.asarray(values, dtype=np.float64))
    reach = _Z * math.sqrt(n) / 2
    low, high = max(1, math.floor(n / 2 - reach)), min(n, math.ceil(n / 2 + reach) + 1)
    value = float(in_order[(n - 1) // 2] + in_order[n // 2]) / 2
    return Figure(name, unit, n, value, float(in_order[low - 1]), float(in_order[high - 1]))


def _wilson(value: float, n: float) -> tuple[float, float]:
    squared = _Z * _Z
    middle = (value + squared / (2 * n)) / (1 + squared / n)
    reach = _Z / (1 + squared / n) * math.sqrt(value * (1 - value) / n + squared / (4 * n * n))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _design_effect(groups: Groups, value: float, n: int) -> float:
    """How many rows say as much as one independent row: at least 1."""
    count = sum(groups.values())
    expected = value * (1 - value) / n
    if count < 2 or expected == 0:
        return 1.0
    spread = sum(times * (hits - value * rows) ** 2 for (hits, rows), times in groups.items())
    return max(1.0, spread * count / (count - 1) / (n * n) / expected)
