"""Scores of rankings, by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.evaluation.rankings import precision_cap, score_rankings

RANKED = ["a", "b", "c", "d"]
MEASURES = ("R@3", "P@3", "nDCG@3", "RR", "Success@3")


def score(measure, ranked, right, wrong=()):
    labels = {**dict.fromkeys(right, 1.0), **dict.fromkeys(wrong, 0.0)}
    return score_rankings({"q": ranked}, {"q": labels}, [measure])[measure]["q"]


def test_recall_is_the_share_of_the_right_ones_that_were_found():
    assert score("R@2", RANKED, {"a", "c"}) == 0.5
    assert score("R@75", RANKED, {"a", "c", "x", "y"}) == 0.5


def test_precision_counts_missing_places_as_wrong_and_has_a_cap():
    assert score("P@8", RANKED, {"a", "d"}) == 0.25
    assert precision_cap(8, {"a", "d"}) == 0.25
    assert precision_cap(2, {"a", "b", "c"}) == 1.0


def test_ndcg_discounts_late_finds():
    assert score("nDCG@10", RANKED, {"a", "b"}) == 1.0
    assert score("nDCG@10", RANKED, {"b"}) == pytest.approx(0.6309, abs=1e-4)
    assert score("nDCG@1", RANKED, {"b"}) == 0.0


def test_an_id_that_stands_there_again_keeps_its_place_and_gains_nothing():
    assert score("nDCG@10", ["a", "a", "b"], {"a"}) == 1.0
    assert score("P@3", ["a", "a", "b"], {"a", "b"}) == pytest.approx(2 / 3)
    assert score("RR", ["c", "c", "a"], {"a"}) == pytest.approx(1 / 3)


def test_reciprocal_rank_looks_at_the_first_find_only():
    assert score("RR", RANKED, {"c", "d"}) == pytest.approx(1 / 3)
    assert score("RR", RANKED, {"x"}) == 0.0


def test_a_hit_is_any_find():
    assert score("Success@1", RANKED, {"a", "x"}) == 1.0
    assert score("Success@1", RANKED, {"b"}) == 0.0


def test_what_nobody_judged_is_told_apart_from_what_is_wrong():
    assert score("Judged@4", RANKED, {"a"}, wrong={"b"}) == 0.5


def test_a_query_that_found_nothing_scores_nothing():
    assert score_rankings({}, {"q": {"a": 1.0}}, ["nDCG@10", "RR"]) == {"nDCG@10": {"q": 0.0}, "RR": {"q": 0.0}}


def test_a_query_without_right_answers_has_no_score():
    with pytest.raises(ValueError, match="leave it out"):
        score("R@8", RANKED, set(), wrong={"a"})


@given(st.permutations(list("abcdefgh")), st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_every_score_lies_between_nothing_and_its_cap(ranked, right):
    found = score_rankings({"q": ranked}, {"q": dict.fromkeys(right, 1.0)}, MEASURES)

    assert all(0 <= scores["q"] <= 1 + 1e-12 for scores in found.values())
    assert found["P@3"]["q"] <= precision_cap(3, right) + 1e-12
    assert found["RR"]["q"] > 0
