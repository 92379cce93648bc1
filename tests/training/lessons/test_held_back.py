"""Which questions neither encoder learns from."""

from __future__ import annotations

import pytest

from training.lessons.held_back import held_back, may_be_spared
from training.negatives import Judged, Question

ONE = (Judged("s1", "Text.", 1.0),)


def questions(count, alike=1, first=0):
    """So many with a pair; `alike` in a row are of one group."""
    return [
        Question(f"c{n}", f"What about {n // alike}?", "", ONE, ONE, n // alike) for n in range(first, first + count)
    ]


@pytest.mark.parametrize(("count", "about"), [(100, 20), (300, 40), (800, 80), (5000, 120)])
def test_a_tenth_is_held_back_of_few_more_and_of_very_many_no_more_than_enough(count, about):
    assert len(held_back(questions(count))) == pytest.approx(about, rel=0.3)


def test_like_questions_stand_on_one_side():
    assert len(held_back(questions(500, alike=5))) == pytest.approx(10, abs=5)  # of 100 groups
    assert not held_back(questions(30, alike=30))  # there would be nothing left to learn from


def test_what_was_learned_from_once_is_not_held_back_when_others_come():
    few, many = questions(300), questions(2000)

    assert {one for one in held_back(many) if one < 300} < held_back(few)


def test_questions_without_a_pair_weigh_nothing():
    unpaired = [Question(f"u{n}", f"And {n}?", "", ONE, (), 1000 + n) for n in range(500)]

    assert held_back([*questions(20), *unpaired]) == held_back(questions(20))
    assert not may_be_spared([*questions(399), *unpaired])
    assert may_be_spared(questions(400))
