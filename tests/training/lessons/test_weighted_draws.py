"""Drawing rows in proportion to their weights."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.lessons.weighted_draws import weighted_draws


def test_equal_weights_draw_each_row_once_per_epoch() -> None:
    assert Counter(weighted_draws([0.3] * 7, 14, seed=1)) == dict.fromkeys(range(7), 2)


def test_three_times_the_weight_is_drawn_three_times_as_often() -> None:
    assert Counter(weighted_draws([1.0, 3.0], 400, seed=1)) == {0: 100, 1: 300}


def test_what_weighs_nothing_is_never_drawn() -> None:
    assert weighted_draws([0.0, 1.0], 3, seed=1) == [1, 1, 1]
    assert weighted_draws([0.0], 3, seed=1) == []
    assert weighted_draws([], 0, seed=1) == []


def test_the_same_seed_draws_the_same_and_another_seed_something_else() -> None:
    weights = [0.1 * n for n in range(1, 20)]

    assert weighted_draws(weights, 10, seed=1) == weighted_draws(weights, 10, seed=1)
    assert weighted_draws(weights, 10, seed=1) != weighted_draws(weights, 10, seed=2)


@given(
    weights=st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda some: sum(some) > 0),
    count=st.integers(0, 100),
    seed=st.integers(0, 5),
)
def test_each_row_comes_about_as_often_as_its_weight_says(weights: list[float], count: int, seed: int) -> None:
    drawn = Counter(weighted_draws(weights, count, seed))

    assert drawn.total() == count
    for place, weight in enumerate(weights):
        assert drawn[place] == pytest.approx(count * weight / sum(weights), abs=1.001)
