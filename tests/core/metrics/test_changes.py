"""Better or worse is said only where chance alone would not make the change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.metrics.changes import can_be_compared, moved
from core.metrics.figures import Figure
from core.metrics.intervals import share


def beside(now: Figure, before: Figure) -> Figure:
    return replace(now, previous=before.value, previous_low=before.low, previous_high=before.high)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [((56, 70), (48, 80), 1), ((48, 80), (56, 70), -1), ((9, 20), (8, 20), 0), ((40, 80), (40, 80), 0)],
)
def test_a_change_counts_from_newcombes_interval_on(now, before, expected):
    """The first pair is Newcombe's own example (a): 56 of 70 against 48 of 80, +0.2 (0.0524 to 0.3339)."""
    assert moved(beside(share("s", *now), share("s", *before))) == expected


def test_nothing_is_compared_with_too_little():
    figure = beside(share("s", 9, 20), share("s", 9, 19))

    assert not can_be_compared(figure)
    assert moved(figure) == 0
