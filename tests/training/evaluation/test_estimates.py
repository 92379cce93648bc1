"""What nobody judged gets a chance from the marks of others, and only as far as an order agrees with them."""

from __future__ import annotations

import pytest

from training.evaluation.estimates import LEAST_OF_EITHER, estimated_gains
from training.evaluation.rankings import score_gains

QUERIES = [f"q{n}" for n in range(2 * LEAST_OF_EITHER)]
SHOWN = ["right", "wrong", *(f"shown{n}" for n in range(6))]
BEHIND = [f"behind{n}" for n in range(20)]
CHAMPION = {query: ["wrong", "right", *SHOWN[2:], *BEHIND] for query in QUERIES}
NEW_FIRST = ["behind19", "behind18"]
OTHERS = [one for one in [*SHOWN, *BEHIND] if one not in NEW_FIRST]


def marks(queries=QUERIES):
    labels = {query: {"right": 1.0, "wrong": 0.0} for query in queries}
    return labels, {query: {"right", "wrong"} for query in queries}


def test_what_is_judged_keeps_its_label():
    labels, marked = marks()

    gains = estimated_gains(labels, marked, CHAMPION, CHAMPION)

    assert all((gain["right"], gain["wrong"]) == (1.0, 0.0) for gain in gains.values())


def test_an_order_that_agrees_with_the_marks_is_believed_about_what_nobody_judged():
    candidate = {query: ["right", *NEW_FIRST, *(one for one in OTHERS if one != "right")] for query in QUERIES}

    gains = estimated_gains(*marks(), CHAMPION, candidate)

    assert all(gain["behind19"] > 0.5 > gain["shown5"] for gain in gains.values())


def test_an_order_that_contradicts_the_marks_gets_no_credit_for_what_it_alone_puts_first():
    backwards = {query: [*NEW_FIRST, *reversed(OTHERS)] for query in QUERIES}
    champion = {query: [*SHOWN, *BEHIND] for query in QUERIES}

    gains = estimated_gains(*marks(), champion, backwards)

    assert all(gain["behind19"] < 0.1 for gain in gains.values())
    old, new = (score_gains(side, gains, "nDCG@10") for side in (champion, backwards))
    assert all(old[query] > new[query] for query in QUERIES)


def test_two_equal_orders_are_equally_good():
    gains = estimated_gains(*marks(), CHAMPION, CHAMPION)

    assert all(0 < gain["shown0"] < 1 for gain in gains.values())
    assert "behind9" not in gains["q0"]  # beyond the tenth place of both


def test_too_few_marks_of_one_kind_estimate_nothing():
    labels, marked = marks(QUERIES[: LEAST_OF_EITHER - 1])

    gains = estimated_gains(labels, marked, CHAMPION, CHAMPION)

    assert all(set(gain) == {"right", "wrong"} for gain in gains.values())


def test_what_was_only_cited_says_nothing_about_chances():
    labels = {query: {"right": 1.0, "wrong": 0.0} for query in QUERIES}
    marked = {query: {"right"} for query in QUERIES}

    assert all(set(gain) == {"right", "wrong"} for gain in estimated_gains(labels, marked, CHAMPION, CHAMPION).values())


def test_graded_gains_score_by_how_high_the_great_ones_stand():
    gains = {"q": {"a": 1.0, "b": 0.5}, "none": {}}

    assert score_gains({"q": ["a", "b"]}, gains, "nDCG@10") == {"q": 1.0, "none": 0.0}
    assert score_gains({"q": ["b", "a"]}, gains, "nDCG@10")["q"] == pytest.approx(1.1309 / 1.3155, abs=1e-4)
