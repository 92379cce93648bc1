"""Exam questions: asked of their article, or of the one that took its place, until somebody withdraws them."""

from __future__ import annotations

import pytest

from core.errors import UnknownQuestion
from core.knowledge.exam import ExamResult
from core.knowledge.generation import IndexGeneration
from core.values import Article
from tests.conftest import publish


@pytest.fixture
def exam(store):
    publish(store, 1, 2)
    return store.exam


def test_a_question_is_the_conversation_of_the_case_that_asked(world, store, exam):
    assert exam.add_asked("article-1", world.suggestion.id, "U_ANN")
    assert not exam.add_asked("article-1", world.suggestion.id, "U_BEN")

    [one] = exam.questions("article-1")

    assert (one.origin, one.case_id, one.words) == ("asked", world.case.id, "Where is my refund?")
    assert exam.questions("article-2") == []


def test_a_question_without_words_is_listed_and_can_not_be_asked(world, store, exam):
    exam.add_asked("article-1", world.suggestion.id, "U_ANN")
    store.forgetting.take_back([world.suggestion.id])

    [one] = exam.questions()

    assert (one.has_words, one.words) == (False, "")


def test_a_withdrawn_question_is_not_asked_until_somebody_adds_it_again(exam):
    exam.add_text("article-1", "When?", "synthetic", "model")
    [one] = exam.questions()

    exam.withdraw(one.id, "U_ANN")

    assert exam.questions() == []
    with pytest.raises(UnknownQuestion, match="listed by: aitl exam questions"):
        exam.withdraw(one.id, "U_ANN")
    assert exam.add_text("article-1", "When?", "written", "U_BEN")
    assert not exam.add_text("article-1", "When?", "written", "U_BEN")
    [again] = exam.questions()
    assert (again.id, again.origin) == (one.id, "written")


def test_a_machine_does_not_ask_again_what_somebody_withdrew(exam):
    exam.add_text("article-1", "When?", "synthetic", "model")
    exam.withdraw(exam.questions()[0].id, "U_ANN")

    assert not exam.add_text("article-1", "When?", "synthetic", "model")
    assert exam.questions() == []


def test_what_was_passed_once_and_fails_is_lost(exam):
    exam.add_text("article-1", "When?", "written", "U_ANN")
    exam.keep([ExamResult(exam.questions()[0], 1, True)], "0")
    assert not exam.questions()[0].is_lost

    exam.keep([ExamResult(exam.questions()[0], 9, False)], "0")

    [one] = exam.questions()
    assert (one.rank, one.is_lost) == (9, True)


def test_the_questions_of_a_superseded_article_are_asked_of_the_last_of_its_line(store, exam):
    exam.add_text("article-1", "When?", "written", "U_ANN")

    def retire(number, by):
        article = Article(f"article-{number}", 2, "Old", None, "", f"r{number}", "here", True, {"superseded_by": by})
        store.knowledge.publish([article], [], [], IndexGeneration(f"gen-r{number}", "minilm", "there", 0))

    retire(1, "article-2")
    assert [one.article_id for one in exam.questions()] == ["article-2"]
    publish(store, 2, 3)
    retire(2, "article-3")
    assert [one.article_id for one in exam.questions("article-3")] == ["article-3"]
    retire(3, "article-1")
    assert exam.questions() == []
