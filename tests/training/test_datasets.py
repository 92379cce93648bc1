"""Data sets from real annotations in a real store."""

from __future__ import annotations

import pytest

from core.judge.judge import Judge
from tests.conftest import publish
from training.datasets import completion_rows, data_hash, preference_rows, relevance_rows, unpaired_rows
from training.examples import GONE, read_examples
from training.lessons.screens import screen_of


@pytest.fixture
def taught(world, store, watch):
    """The world, its knowledge there, a minute after the drafts came."""
    publish(store, 1, 2, 3)
    watch.advance(60)
    return world


def examples_of(store):
    Judge(store).round()
    return read_examples(store)


def say(world, what, *arguments, agent="U_ANN", source="button", **more):
    """One click with a key of its own."""
    say.number = getattr(say, "number", 0) + 1
    return getattr(world.feedback, what)(world.suggestion.id, agent, *arguments, source, f"key{say.number}", **more)


def test_a_preference_names_what_was_preferred_and_by_how_much(taught, store):
    say(taught, "prefer", "b2")

    (row,) = preference_rows(examples_of(store))

    assert row == {
        "prompt": "Customer: Where is my refund?",
        "chosen": "Refund rule number 2 applies. It takes five days.",
        "rejected": "Hi! Refund rule number 1 applies.",
        "margin": pytest.approx(2 / 3),
        "weight": 1.0,
        "case_id": taught.case.id,
        "chosen_slot": "b",
        "chosen_draft": {
            "text": taught.suggestion.candidate("b").text,
            "style": "complete",
            "source": "knowledge",
            "place": 1,
        },
        "rejected_draft": {
            "text": taught.suggestion.candidate("a").text,
            "style": "direct",
            "source": "knowledge",
            "place": 0,
        },
        "screen": screen_of(taught.suggestion),
    }


def test_a_tie_has_no_direction(taught, store):
    say(taught, "prefer", "tie")

    assert preference_rows(examples_of(store)) == []


def test_only_what_was_marked_or_cited_by_what_was_sent_has_a_label(taught, store):
    say(taught, "mark", 3, "irrelevant")
    say(taught, "adopt", "b")

    rows = relevance_rows(examples_of(store))

    assert [(row["snippet_id"], row["label"], row["weight"]) for row in rows] == [
        ("snip_3", 0.0, 1.0),
        ("snip_2", 1.0, 0.5),
    ]
    assert rows[0]["query"] == "where is my refund"
    assert rows[0]["anchor"] == "Where is my refund?"
    assert rows[0]["context"] == []
    assert rows[0]["text"] == "Article 3. Refunds. Refund rule number 3 applies."


def test_a_mark_outweighs_a_citation_and_outdated_says_nothing_about_the_question(taught, store):
    say(taught, "mark", 2, "outdated")
    say(taught, "adopt", "b")

    assert relevance_rows(examples_of(store)) == []


def test_where_agents_disagree_the_label_lies_between(taught, store):
    say(taught, "mark", 1, "helpful")
    say(taught, "mark", 1, "irrelevant", agent="U_BOB")

    (row,) = relevance_rows(examples_of(store))

    assert (row["label"], row["weight"]) == (0.5, 1.0)  # each is down-weighted to a half by the judge


def test_what_was_sent_is_a_completion_and_only_what_went_out_unchanged_a_good_draft(taught, new_world, store, watch):
    edited = new_world("9.0")
    watch.advance(60)
    say(taught, "adopt", "a")
    say(edited, "adopt", "a", final="Hi! It will be there on Friday.", source="modal")

    examples = examples_of(store)

    assert sorted(row["completion"] for row in completion_rows(examples)) == [
        "Hi! It will be there on Friday.",
        "Hi! Refund rule number 1 applies.",
    ]
    assert [(row["completion"], row["label"]) for row in unpaired_rows(examples)] == [
        ("Hi! Refund rule number 1 applies.", True)
    ]


@pytest.mark.parametrize(
    ("reasons", "count"), [(["wrong_fact"], 2), (["my_preference"], 0), (["my_preference", "tone"], 2)]
)
def test_a_refusal_for_taste_alone_makes_no_bad_draft(taught, store, reasons, count):
    say(taught, "reject", reasons, None, None, source="modal")

    rows = unpaired_rows(examples_of(store))

    assert [row["label"] for row in rows] == [False] * count


def test_what_may_not_teach_is_counted_by_reason(taught, new_world, store, watch):
    withdrawn, pending = new_world("8.0"), new_world("9.0")
    watch.advance(60)
    say(taught, "prefer", "a3")
    say(taught, "adopt", "b")  # holds the preference
    say(taught, "mark", 3, "helpful")
    say(taught, "mark", 3, "irrelevant")  # replaces the mark
    say(withdrawn, "prefer", "a2")
    store.cases.withdraw(withdrawn.case.id)
    Judge(store).round()
    say(pending, "prefer", "a2")

    examples = read_examples(store)

    assert examples.excluded == {
        "held by the judge": 1,
        "replaced by a later choice": 1,
        "the case was withdrawn": 1,
        "not judged yet": 1,
    }
    assert [example.case.id for example in examples] == [taught.case.id]
    assert examples.examples[0].agents == {"U_ANN"}


def test_the_hash_names_the_rows_whatever_their_order():
    one, other = {"prompt": "a", "completion": "b"}, {"prompt": "c", "completion": "d"}

    assert data_hash({"sft": [one, other]}) == data_hash({"sft": [other, one]})
    assert data_hash({"sft": [one]}) != data_hash({"sft": [other]})
    assert data_hash({"sft": [one]}) != data_hash({"kto": [one]})
    assert len(data_hash({})) == 16


def test_a_mark_on_what_was_retired_since_teaches_a_little_once_judged_or_not(taught, store, watch):
    say(taught, "mark", 1, "helpful")
    say(taught, "mark", 3, "irrelevant")
    Judge(store).round()
    publish(store, 3)

    before = relevance_rows(read_examples(store))
    watch.advance(60)
    say(taught, "mark", 2, "irrelevant")  # now all of them are judged again
    again = relevance_rows(examples_of(store))

    assert {row["snippet_id"]: (row["label"], row["weight"]) for row in before} == {
        "snip_1": (1.0, 0.3),
        "snip_3": (0.0, 1.0),
    }
    assert {row["snippet_id"]: row["weight"] for row in again} == {"snip_1": 0.3, "snip_2": 0.3, "snip_3": 1.0}


def test_a_reply_that_rests_on_what_was_retired_since_teaches_nothing_and_is_counted(taught, store):
    say(taught, "adopt", "b")
    assert len(completion_rows(examples_of(store))) == 1

    publish(store, 1, 3)

    found = read_examples(store)
    assert (len(found), dict(found.excluded)) == (0, {GONE: 1})


def test_a_reply_that_a_person_let_teach_teaches_whatever_was_retired(taught, store):
    say(taught, "adopt", "b")
    publish(store, 1, 3)
    Judge(store).round()
    assert len(read_examples(store)) == 0

    (said,) = store.annotations.of_case(taught.case.id)
    store.rulings.decide(said.id, True, "U_LEAD")

    assert len(completion_rows(read_examples(store))) == 1
