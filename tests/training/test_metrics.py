"""Scores of rankings, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.metrics import (
    bootstrap_interval,
    hit_at,
    ndcg_at,
    precision_at,
    precision_cap,
    recall_at,
    reciprocal_rank,
)

RANKED = ["a", "b", "c", "d"]


def test_recall_is_the_share_of_the_right_ones_that_were_found():
    assert recall_at(2, RANKED, {"a", "c"}) == 0.5
    assert recall_at(75, RANKED, {"a", "c", "x", "y"}) == 0.5


def test_precision_counts_missing_places_as_wrong_and_has_a_cap():
    assert precision_at(8, RANKED, {"a", "d"}) == 0.25
    assert precision_cap(8, {"a", "d"}) == 0.25
    assert precision_cap(2, {"a", "b", "c"}) == 1.0


def test_ndcg_discounts_late_finds():
    assert ndcg_at(10, RANKED, {"a", "b"}) == 1.0
    assert ndcg_at(10, RANKED, {"b"}) == pytest.approx(0.6309, abs=1e-4)
    assert ndcg_at(1, RANKED, {"b"}) == 0.0
    assert ndcg_at(10, ["a", "a", "b"], {"a"}) == 1.0


def test_reciprocal_rank_looks_at_the_first_find_only():
    assert reciprocal_rank(RANKED, {"c", "d"}) == pytest.approx(1 / 3)
    assert reciprocal_rank(RANKED, {"x"}) == 0.0


def test_a_hit_is_any_find():
    assert hit_at(1, RANKED, {"a", "x"}) == 1.0
    assert hit_at(1, RANKED, {"b"}) == 0.0


@pytest.mark.parametrize("score", [recall_at, precision_at, ndcg_at, hit_at])
def test_a_query_without_right_answers_has_no_score(score):
    with pytest.raises(ValueError, match="leave it out"):
        score(8, RANKED, set())


@given(st.permutations(list("abcdefgh")), st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_every_score_lies_between_nothing_and_its_cap(ranked, gold):
    assert 0 <= recall_at(3, ranked, gold) <= 1
    assert precision_at(3, ranked, gold) <= precision_cap(3, gold)
    assert 0 <= ndcg_at(3, ranked, gold) <= 1 + 1e-12
    assert 0 < reciprocal_rank(ranked, gold) <= 1


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
