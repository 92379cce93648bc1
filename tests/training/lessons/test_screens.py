"""What an agent saw, as plain values and back."""

from __future__ import annotations

import json
from dataclasses import replace

from core.checker.lexical import LexicalChecker
from core.values import SolvedCase
from training.lessons.screens import NOT_CHECKED, draft_of, draft_value, foreign_draft, request_of, screen_of


def test_a_screen_comes_back_from_json_as_it_was(world):
    old = SolvedCase("case_1", "Where is it?", "On its way.", ("snip_1",), 0.7)
    suggestion = replace(world.suggestion, similar=(old,))

    request = request_of(json.loads(json.dumps(screen_of(suggestion))))

    assert [(turn.role, turn.text) for turn in request.turns] == [("customer", "Where is my refund?")]
    assert (request.query, request.shown, request.similar) == (suggestion.query, suggestion.shown, (old,))


def test_a_draft_gets_the_marks_of_todays_checker(world):
    candidate = world.suggestion.candidate("b")
    request = request_of(screen_of(world.suggestion))

    draft = draft_of(draft_value(world.suggestion, "b"), request, LexicalChecker())

    assert (draft.text, draft.style, draft.source) == (candidate.text, candidate.style, candidate.source)
    assert draft.report == LexicalChecker().check(candidate.text, request.shown, request.turns)


def test_a_reply_that_somebody_wrote_has_no_marks(world):
    request = request_of(screen_of(world.suggestion))

    assert draft_of(foreign_draft("It takes five days."), request, LexicalChecker()).report == NOT_CHECKED


def test_a_draft_knows_the_how_manieth_it_was_written(world):
    drafts = [{"style": "complete", "slot": "b"}, {"style": "either", "slot": None}, {"style": "direct", "slot": "a"}]
    suggestion = replace(world.suggestion, parameters={"drafts": drafts})

    assert [draft_value(suggestion, slot)["place"] for slot in ("a", "b")] == [2, 0]


def test_a_language_that_was_asked_for_is_asked_for_again(world):
    suggestion = replace(world.suggestion, parameters={"language": "de"})

    assert request_of(screen_of(suggestion)).language == "de"
    assert request_of(screen_of(request_of(screen_of(suggestion)))).language == "de"
    assert "language" not in screen_of(world.suggestion)
