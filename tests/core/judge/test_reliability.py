"""Dawid and Skene's estimate of who can be relied on."""

from __future__ import annotations

import numpy as np
import pytest

from core.judge.reliability import LEAST, factor, reliabilities


def votes_of(skill, questions, seed=0):
    """Everybody answers every question; `skill`: how often each is right."""
    rng = np.random.default_rng(seed)
    truth = rng.random(questions) < 0.5
    return {
        n: {agent: bool(truth[n] == (rng.random() < right)) for agent, right in skill.items()} for n in range(questions)
    }


def test_planted_skills_are_found():
    found = reliabilities(votes_of({"ann": 0.95, "bob": 0.9, "cem": 0.75, "dan": 0.5, "eve": 0.1}, 400))

    assert found["ann"] == pytest.approx(0.95, abs=0.05)
    assert found["bob"] == pytest.approx(0.9, abs=0.05)
    assert found["cem"] == pytest.approx(0.75, abs=0.07)
    assert found["dan"] == pytest.approx(0.5, abs=0.07)
    assert found["eve"] == pytest.approx(0.1, abs=0.07)


def test_who_answers_few_questions_is_near_the_average_and_with_fewer_not_estimated():
    votes = votes_of({"ann": 0.95, "bob": 0.95, "cem": 0.95}, 100)
    for n in range(10):
        votes[n] |= {"new": not votes[n]["ann"]} | ({"newest": votes[n]["ann"]} if n < 9 else {})

    found = reliabilities(votes)

    assert sorted(found) == ["ann", "bob", "cem", "new"]
    assert 0.5 < found["new"] < 0.7  # wrong nearly every time, ten times


def test_an_answer_that_nobody_else_gave_one_to_says_nothing():
    assert reliabilities({"q1": {"ann": True}, "q2": {"bob": False}}) == {}
    assert reliabilities({}) == {}


def test_two_who_never_agree_are_doubted_alike():
    found = reliabilities({n: {"ann": n % 2 == 0, "bob": n % 2 == 1} for n in range(40)})

    assert found["ann"] == pytest.approx(found["bob"])
    assert found["ann"] < 0.7


def test_an_order_of_names_or_questions_changes_nothing():
    votes = votes_of({"ann": 0.9, "bob": 0.7, "cem": 0.6}, 60)
    backwards = {n: dict(reversed(one.items())) for n, one in reversed(votes.items())}

    assert reliabilities(backwards) == pytest.approx(reliabilities(votes))


@pytest.mark.parametrize(("reliability", "left"), [(0.99, 1.0), (0.8, 1.0), (0.65, 0.5), (0.5, LEAST), (0.05, LEAST)])
def test_a_factor_never_adds_weight_and_never_takes_all(reliability, left):
    assert factor(reliability) == pytest.approx(left)
