"""Whether a figure has moved since the period before by more than chance would move it.

The interval of a difference from the intervals of its two sides: Newcombe 1998, Interval Estimation for the Difference
between Independent Proportions, method 10, which Zou and Donner 2008 carry over to any two figures.
"""

from __future__ import annotations

import math

from core.metrics.figures import Figure


def moved(figure: Figure) -> int:
    """1 where it surely rose, -1 where it surely fell, 0 where nobody can say (95 %)."""
    now, before = _sides(figure)
    if now is None or before is None:
        return 0
    (value, low, high), (earlier, earlier_low, earlier_high) = now, before
    change = value - earlier
    if change - math.hypot(value - low, earlier_high - earlier) > 0:
        return 1
    return -1 if change + math.hypot(high - value, earlier - earlier_low) < 0 else 0


def can_be_compared(figure: Figure) -> bool:
    """True where both periods have enough behind them."""
    return None not in _sides(figure)


_Side = tuple[float, float, float]


def _sides(figure: Figure) -> tuple[_Side | None, _Side | None]:
    return (
        _side(figure.value, figure.low, figure.high),
        _side(figure.previous, figure.previous_low, figure.previous_high),
    )


def _side(value: float | None, low: float | None, high: float | None) -> _Side | None:
    return None if value is None or low is None or high is None else (value, low, high)
