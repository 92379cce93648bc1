"""What a lead is worth is fitted on questions with known answers, and only where it tells something."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import numpy as np
import pytest

from core.retrieval.confidence import chance
from core.values import Case, RankedSnippet, Snippet, Turn
from training.evaluation.calibration import calibrate, fit_confidence
from training.evaluation.questions import Question

MOMENT = datetime(2026, 8, 3, tzinfo=UTC)


def ranking(lead: float) -> list[RankedSnippet]:
    """Two articles, the first of them ahead by `lead`."""
    scored = (("first", 0.5 + lead), ("second", 0.5))
    return [
        RankedSnippet(Snippet(name, name, 1, name, "", None, "Text."), rank, score)
        for rank, (name, score) in enumerate(scored, 1)
    ]


def question(number: int, *right: str) -> Question:
    case = Case(f"case-{number}", "T", "C", "1", "U", (Turn("customer", "?"),), "open", MOMENT)
    return Question(f"sug-{number}", case, dict.fromkeys(right, 1.0), None, frozenset(right))


def asked(count: int, steep: float, seed: int = 3) -> tuple[list[Question], list[list[RankedSnippet]]]:
    """Leads of 0 to 0.5; the first article is the right one with log odds of `steep` times the lead."""
    draw = random.Random(seed)
    leads = [0.5 * number / count for number in range(count)]
    names = ["first" if draw.random() < chance(steep * lead) else "second" for lead in leads]
    return [question(number, name) for number, name in enumerate(names)], [ranking(lead) for lead in leads]


def test_a_known_curve_is_found_again() -> None:
    made = calibrate(*asked(2000, steep=10.0))

    # Each question has two rows, and the second says the same as the first.
    assert made.confidence is not None
    assert made.confidence.bias == pytest.approx(0.0, abs=0.1)
    assert made.confidence.lead == pytest.approx(10.0, rel=0.15)
    assert made.log_loss < made.log_loss_of_share == pytest.approx(0.693, abs=0.001)


def test_with_few_questions_nothing_is_said_but_how_many_there_were() -> None:
    made = calibrate(*asked(19, steep=50.0))

    assert made.confidence is None
    assert made.besides("case-1") is None
    assert made.described() == {"questions": 19}


def test_questions_without_a_known_answer_do_not_count() -> None:
    questions, found = asked(30, steep=50.0)

    made = calibrate([*questions[:19], *(question(number) for number in range(19, 30))], found)

    assert made.described() == {"questions": 19}
    assert calibrate([], []).described() == {"questions": 0}


def test_leads_that_tell_nothing_are_refused_and_the_reason_is_on_record() -> None:
    made = calibrate(*asked(60, steep=0.0))

    assert made.confidence is None
    assert made.described()["log_loss"] >= made.described()["log_loss_of_share"]
    assert "lead" not in made.described()


def test_a_case_is_answered_by_what_the_others_say() -> None:
    questions, found = asked(40, steep=30.0)
    before = calibrate(questions, found)
    other = "second" if "first" in questions[39].articles else "first"

    after = calibrate([*questions[:39], question(39, other)], found)

    assert before.besides("case-39") == after.besides("case-39") != before.confidence
    assert before.confidence != after.confidence


def test_an_article_that_nobody_judged_counts_as_one_that_does_not_help() -> None:
    questions = [question(number, "elsewhere") for number in range(40)]

    made = calibrate(questions, [ranking(0.4)] * 40)

    assert made.described() == {"questions": 40}


def test_a_lead_is_never_worth_less_than_none() -> None:
    fitted = fit_confidence(np.array([0.1, 0.2, 0.3, 0.4]), np.array([1.0, 1.0, 0.0, 0.0]))

    assert fitted.lead == 0.0
    assert fitted.bias == pytest.approx(0.0, abs=1e-4)
