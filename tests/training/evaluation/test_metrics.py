"""Means and their intervals."""

from __future__ import annotations

import pytest

from training.evaluation.metrics import bootstrap_interval


def test_the_interval_holds_the_mean_and_repeats_with_its_seed():
    values, groups = [0.0, 1.0] * 50, list(range(100))

    one, same = (bootstrap_interval(values, groups, seed=7) for _ in range(2))

    assert one == same
    assert (one.value, one.n) == (0.5, 100)
    assert 0.35 < one.low < 0.45 < 0.55 < one.high < 0.65


def test_rows_of_one_group_are_drawn_together():
    values = [0.0] * 50 + [1.0] * 50

    alone = bootstrap_interval(values, list(range(100)))
    together = bootstrap_interval(values, ["first"] * 50 + ["second"] * 50)

    assert (together.low, together.high) == (0.0, 1.0)
    assert alone.high - alone.low < 0.3


def test_no_values_have_no_mean():
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([], [])
