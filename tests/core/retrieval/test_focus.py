"""The last customer turn is the question; the rest is told by its distance."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EmptyText
from core.retrieval.focus import Earlier, as_words, focus_of, turns_of
from core.values import Turn


def test_the_last_customer_turn_is_the_focus_even_if_an_agent_spoke_since():
    focus = focus_of([Turn("customer", "one"), Turn("agent", "two"), Turn("customer", "three"), Turn("agent", "four")])

    assert focus.text == "three"
    assert focus.earlier == (Earlier("two", False, 1), Earlier("four", False, 1), Earlier("one", True, 2))


def test_turns_without_words_are_passed_over():
    focus = focus_of([Turn("customer", "where is it"), Turn("agent", "…"), Turn("customer", "?!")])

    assert (focus.text, focus.earlier) == ("where is it", ())


def test_without_a_customer_the_last_turn_is_the_focus():
    assert focus_of([Turn("agent", "one"), Turn("agent", "two")]).text == "two"


@pytest.mark.parametrize("turns", [[], [Turn("customer", "  ")]])
def test_no_words_at_all_are_refused(turns):
    with pytest.raises(EmptyText):
        focus_of(turns)


def test_a_long_conversation_keeps_its_nearest_turns():
    focus = focus_of([Turn("customer", str(number)) for number in range(40)])

    assert focus.text == "39"
    assert [turn.text for turn in focus.earlier] == [str(number) for number in range(38, 28, -1)]


def test_in_words_the_titles_stand_for_the_earlier_turns():
    focus = focus_of([Turn("customer", "hello"), Turn("agent", "yes?"), Turn("customer", " is it free? ")])

    assert as_words(focus, ["Parking"]) == "is it free?\nParking"
    assert as_words(focus, []) == "is it free?\nhello"


TURNS = st.builds(Turn, st.sampled_from(["customer", "agent"]), st.sampled_from(["where", "two nights", "?!", "ok"]))


@given(st.lists(TURNS, max_size=30).filter(lambda turns: any(turn.text != "?!" for turn in turns)))
def test_a_conversation_made_from_a_focus_has_that_focus(turns):
    focus = focus_of(turns)

    assert focus_of(turns_of(focus)) == focus
