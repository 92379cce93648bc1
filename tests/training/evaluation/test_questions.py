"""What bundles are measured on, from what was said."""

from __future__ import annotations

import pytest

from core.judge.ruling import Ruling
from tests.conftest import publish, snippet
from training.evaluation.questions import answered_right, choices_of, count_gone, questions_of
from training.examples import read_examples


@pytest.fixture
def said(world, store):
    """Two snippets marked, one draft adopted, one preferred; all accepted."""
    publish(store, 1, 2, 3)
    world.feedback.mark(world.suggestion.id, "U1", 1, "helpful", "button", "k1")
    world.feedback.mark(world.suggestion.id, "U1", 3, "irrelevant", "button", "k2")
    world.feedback.prefer(world.suggestion.id, "U1", "b2", "button", "k3")
    world.feedback.adopt(world.suggestion.id, "U1", "b", "button", "k4")
    for key in ("k1", "k2", "k3", "k4"):
        store.rulings.add(store.annotations.by_key(key).id, Ruling("accepted", 1.0), "checks")
    return read_examples(store).examples


def test_a_question_knows_what_helped(said):
    [question] = questions_of(said, [snippet(n) for n in (1, 2, 3)])

    assert dict(question.labels) == {"snip_1": 1.0, "snip_3": 0.0, "snip_2": 1.0}  # the last one was cited
    assert question.right == {"snip_1", "snip_2"}
    assert question.articles == {snippet(n).article_id for n in (1, 2)}


def test_a_draft_that_was_sent_as_it_was_is_no_reply_to_measure_others_by(said, world, store):
    [as_sent] = questions_of(said, [snippet(1)])
    world.feedback.adopt(world.suggestion.id, "U1", "b", "modal", "k5", "A week.", ["wrong_fact"], anyway=True)
    store.rulings.add(store.annotations.by_key("k5").id, Ruling("accepted", 1.0), "checks")

    [as_written] = questions_of(read_examples(store).examples, [snippet(1)])

    assert (as_sent.reply, as_written.reply) == (None, "A week.")


def test_what_left_the_knowledge_base_is_asked_of_nobody(said):
    [question] = questions_of(said, [snippet(3)])

    assert dict(question.labels) == {"snip_3": 0.0}


def test_a_question_whose_right_answers_were_all_retired_is_not_searched_for_but_counted(said, world, store):
    publish(store, 3)
    now = read_examples(store).examples

    [question] = questions_of(now, [snippet(3)])

    assert (dict(question.labels), question.right, question.reply) == ({"snip_3": 0.0}, frozenset(), None)
    assert count_gone(now, [snippet(3)]) == 1
    assert count_gone(said, [snippet(n) for n in (2, 3)]) == 0
    assert answered_right(now) == {}


def test_a_question_that_nothing_is_known_to_answer_has_lost_nothing(world, store):
    publish(store, 1, 2, 3)
    world.feedback.mark(world.suggestion.id, "U1", 3, "irrelevant", "button", "k1")
    store.rulings.add(store.annotations.by_key("k1").id, Ruling("accepted", 1.0), "checks")

    assert count_gone(read_examples(store).examples, []) == 0


def test_what_a_report_says_should_have_been_found_is_right_too(said, world, store):
    link = "https://help.example/articles/7"
    world.feedback.report_gap(world.suggestion.id, "U1", "The refund rule.", "exists_not_found", link, "modal", "k5")
    store.rulings.add(store.annotations.by_key("k5").id, Ruling("accepted", 1.0), "checks")

    [question] = questions_of(read_examples(store).examples, [snippet(n) for n in (1, 7)])

    assert question.right == {"snip_1", "snip_7"}


def test_a_mark_is_told_from_a_mere_sign(said, world, store):
    world.feedback.mark(world.suggestion.id, "U2", 3, "outdated", "button", "k6")
    store.rulings.add(store.annotations.by_key("k6").id, Ruling("accepted", 1.0), "checks")

    [question] = questions_of(read_examples(store).examples, [snippet(n) for n in (1, 2, 3)])

    assert question.marked == {"snip_1", "snip_3"}  # not the second, which an adopted reply cites


def test_outdated_alone_is_no_mark_of_whether_it_was_about_the_question(said, world, store):
    world.feedback.mark(world.suggestion.id, "U1", 3, "outdated", "button", "k6")
    store.rulings.add(store.annotations.by_key("k6").id, Ruling("accepted", 1.0), "checks")

    [question] = questions_of(read_examples(store).examples, [snippet(n) for n in (1, 2, 3)])

    assert question.marked == {"snip_1"}


def test_a_choice_holds_both_drafts_and_which_was_preferred(said):
    [choice] = choices_of(said)

    assert [draft.style for draft in choice.drafts] == ["direct", "complete"]
    assert choice.preferred == 1


def test_a_choice_shows_the_drafts_in_the_order_in_which_they_were_made(said, world, store):
    record = [{"style": "complete", "slot": "b"}, {"style": "other", "slot": None}, {"style": "direct", "slot": "a"}]
    world.clock.advance(60)
    newer = world.revise(parameters={"drafts": record})
    world.feedback.prefer(newer.id, "U2", "b2", "button", "k9")
    store.rulings.add(store.annotations.by_key("k9").id, Ruling("accepted", 1.0), "checks")

    choice = choices_of(read_examples(store).examples)[-1]

    assert [draft.style for draft in choice.drafts] == ["complete", "direct"]
    assert choice.preferred == 0


def test_answered_right_is_what_was_adopted_and_helped(said, world):
    assert answered_right(said) == {world.suggestion.id: ("snip_1", "snip_2")}
