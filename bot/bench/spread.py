"""How a measure spreads: its middle and its tail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """Percentiles of `n` measurements, in the unit of those."""

    n: int
    p50: float
    p95: float
    p99: float


def spread_of(values: Sequence[float]) -> Spread:
    """Raises ValueError where nothing was measured."""
    if not values:
        raise ValueError("nothing was measured")
    p50, p95, p99 = (float(one) for one in np.percentile(np.asarray(values, dtype=np.float64), (50, 95, 99)))
    return Spread(len(values), p50, p95, p99)
