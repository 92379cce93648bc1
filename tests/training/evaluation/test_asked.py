"""Questions that were answered right once are asked again, as long as something still answers them."""

from __future__ import annotations

import pytest

from tests.conftest import publish
from training.evaluation.asked import ask, freeze, frozen_questions
from training.splits import Split

ALL = frozenset({"snip_1", "snip_2", "snip_3"})


@pytest.fixture
def known(world, store):
    publish(store, 1, 2, 3)
    return world


def test_a_frozen_question_is_asked_as_it_was_with_what_still_answers_it(known, store):
    freeze(store, {known.suggestion.id: ("snip_1", "snip_2")}, ALL)
    publish(store, 2, 3)

    [question] = frozen_questions(store)

    assert (question.id, question.right) == (known.suggestion.id, {"snip_2"})
    assert question.case.turns[0].text == "Where is my refund?"


def test_what_nothing_answers_any_more_is_not_asked(known, store):
    freeze(store, {known.suggestion.id: ("snip_1",)}, ALL)
    publish(store, 2, 3)

    assert frozen_questions(store) == []


def test_what_has_no_right_snippet_left_is_not_frozen(known, store):
    freeze(store, {known.suggestion.id: ("snip_9",)}, ALL)

    assert store.frozen.all() == {}


def test_nothing_said_is_nothing_asked(store):
    asked = ask(store, Split((), (), 0))

    assert (asked.questions, asked.choices, asked.frozen, asked.gone) == ([], [], [], 0)
