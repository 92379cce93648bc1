"""The training bench: what it compares, and how growth is told."""

from __future__ import annotations

import pytest

from training.bench.train import Beside, Grown, TrainResults, measure_growth


def test_all_parts_together_are_held_against_the_bound():
    results = TrainResults((Beside("retriever", 10, 3.0, 2.0), Beside("reranker", 10, 1.0, 2.0)), ())

    assert results.ratio == 1.0
    assert [one["ratio"] for one in results.as_json()["parts"]] == [1.5, 0.5]


def test_growth_of_one_says_that_twice_the_cases_take_twice_the_time():
    grown = (Grown(100, 1000, 1.0, 0.5, 0.5), Grown(200, 2000, 2.0, 1.0, 1.0), Grown(400, 4000, 8.0, 4.0, 4.0))

    assert TrainResults((Beside("retriever", 1, 1.0, 1.0),), grown).as_json()["growth_per_case"] == [1.0, 2.0]


@pytest.mark.slow
def test_cases_are_added_until_there_are_enough(tmp_path):
    grown = measure_growth(tmp_path / "home", (16, 24), lambda words: None)

    assert [one.cases for one in grown] == [16, 24]
    assert grown[1].rows > grown[0].rows > 16
    assert all(one.ranker_s > 0 for one in grown)
