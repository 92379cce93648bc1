"""The figures of the last days beside those of as many days before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from core.metrics.counted import Counted
from core.metrics.measures import Figures, figures_of

DAYS = 30

Count = Callable[[datetime, datetime], Counted]


def figures_of_the_last(days: int, now: datetime, count: Count) -> Figures:
    """`count(since, until)` reads one period; `until` is not in it."""
    begin = now - timedelta(days=days)
    return figures_of(count(begin, now), count(begin - timedelta(days=days), begin))
