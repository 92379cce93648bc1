"""A candidate that loses an article which a question of its exam finds now is refused, and the article is named."""

from __future__ import annotations

from core.knowledge.exam import ExamQuestion
from core.values import Turn
from tests.core.suggesters import FixedRetriever, pipeline
from training.evaluation.exam import lost_articles

PETS_FIRST = ("pets", "keys", "pool", "parking", "invoices", "check-in", "check-out", "refund times", "refund of fees")
PETS_LAST = (*PETS_FIRST[1:], "pets")


def question(number, article, origin="asked"):
    return ExamQuestion(f"exam_{number}", article, origin, (Turn("customer", "May I bring my cat?"),))


def test_the_article_that_would_be_lost_is_named_once():
    now, then = pipeline(0, *PETS_FIRST), pipeline(1, *PETS_LAST)
    questions = [question(1, "pets"), question(2, "pets", "written"), question(3, "keys")]

    assert lost_articles(questions, now, then) == ("pets",)


def test_what_is_not_found_now_either_is_no_loss():
    now, then = pipeline(0, *PETS_LAST), pipeline(1, *PETS_LAST)

    assert lost_articles([question(1, "pets")], now, then) == ()


def test_a_question_that_a_machine_made_up_measures_nothing():
    now, then = pipeline(0, *PETS_FIRST), pipeline(1, *PETS_LAST)

    assert lost_articles([question(1, "pets", "synthetic")], now, then) == ()


def test_the_same_search_loses_nothing():
    retriever = FixedRetriever(*PETS_FIRST)
    now, then = pipeline(0, retriever=retriever), pipeline(1, retriever=retriever)

    assert lost_articles([question(1, "pets")], now, then) == ()
