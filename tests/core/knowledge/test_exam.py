"""A search that would not find an article any more, for a question that finds it now, loses it."""

from __future__ import annotations

from core.knowledge.exam import ExamQuestion, lost_between
from core.values import Turn
from tests.core.suggesters import FixedRetriever, pipeline

PETS_FIRST = ("pets", "keys", "pool", "parking", "invoices", "check-in", "check-out", "refund times", "refund of fees")
PETS_LAST = (*PETS_FIRST[1:], "pets")


def question(number, article, origin="asked", text="May I bring my cat?"):
    return ExamQuestion(f"exam_{number}", article, origin, (Turn("customer", text),))


def lost(questions, now, then):
    return [(one.article_id, one.question_id) for one in lost_between(questions, now, then)]


def test_each_question_that_loses_its_article_is_named():
    now, then = pipeline(0, *PETS_FIRST), pipeline(1, *PETS_LAST)
    questions = [question(1, "pets"), question(2, "pets", "written"), question(3, "keys")]

    assert lost(questions, now, then) == [("pets", "exam_1"), ("pets", "exam_2")]


def test_what_is_not_found_now_either_is_no_loss():
    now, then = pipeline(0, *PETS_LAST), pipeline(1, *PETS_LAST)

    assert lost([question(1, "pets")], now, then) == []


def test_a_question_that_a_machine_made_up_or_whose_words_are_gone_measures_nothing():
    now, then = pipeline(0, *PETS_FIRST), pipeline(1, *PETS_LAST)

    assert lost([question(1, "pets", "synthetic"), question(2, "pets", text="…")], now, then) == []


def test_the_same_search_loses_nothing():
    retriever = FixedRetriever(*PETS_FIRST)
    now, then = pipeline(0, retriever=retriever), pipeline(1, retriever=retriever)

    assert lost([question(1, "pets")], now, then) == []
