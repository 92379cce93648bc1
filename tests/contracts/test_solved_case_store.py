"""The contract of SolvedCaseStore, on every implementation: SQLite and PostgreSQL."""

from __future__ import annotations

from core.values import SolvedCase, Turn


def test_nothing_is_solved_at_first(store):
    assert store.solved.solved_cases() == []


def test_an_adopted_reply_is_remembered_with_what_it_cited(world, store):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k1")

    assert store.solved.solved_cases() == [
        SolvedCase(
            world.case.id,
            "Where is my refund?",
            "Refund rule number 2 applies. It takes five days.",
            ("snip_2",),
        )
    ]


def test_refused_held_undone_and_unconfirmed_replies_are_not_remembered(new_world, store, watch):
    refused, undone, unconfirmed, withdrawn = (new_world(f"{number}.0") for number in range(1, 5))

    refused.feedback.reject(refused.suggestion.id, "U_ANN", ["tone"], None, "Mine", "modal", "k1")
    undone.feedback.adopt(undone.suggestion.id, "U_ANN", "a", "button", "k2")
    undone.feedback.undo("k2", "U_ANN", watch())
    unconfirmed.feedback.own_reply(unconfirmed.case.id, "U_ANN", "Mine", "k3")
    withdrawn.feedback.adopt(withdrawn.suggestion.id, "U_ANN", "a", "button", "k4")
    store.cases.withdraw(withdrawn.case.id)

    assert store.solved.solved_cases() == []


def test_a_confirmed_reply_of_an_agents_own_is_remembered_without_citations(world, store):
    world.feedback.own_reply(world.case.id, "U_ANN", "It is on its way.", "m1")
    world.feedback.confirm("m1", "U_BEN")

    assert store.solved.solved_cases() == [SolvedCase(world.case.id, "Where is my refund?", "It is on its way.", ())]


def test_a_reply_before_any_suggestion_remembers_what_was_asked_and_no_greeting(world, store):
    case, _ = store.cases.open("T1", "C1", "9.0", "U", Turn("customer", "Hello", "9.0", world.clock()))
    store.cases.add_turn(case.id, Turn("customer", "Can I bring a dog?", "9.1", world.clock()))
    world.feedback.own_reply(case.id, "U_ANN", "Yes.", "m1")
    world.feedback.confirm("m1", "U_ANN")

    assert store.solved.solved_cases() == [SolvedCase(case.id, "Can I bring a dog?", "Yes.", ())]


def test_a_reply_with_something_masked_is_not_said_again(world, store):
    final = "Write to jo@mail.example."
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "modal", "k1", final=final)

    assert store.solved.solved_cases() == []


def test_the_newest_comes_first(new_world, store, watch):
    first, second = new_world("1.0"), new_world("2.0")
    first.feedback.adopt(first.suggestion.id, "U_ANN", "a", "button", "k1")
    watch.advance(60)
    second.feedback.adopt(second.suggestion.id, "U_ANN", "a", "button", "k2")

    assert [one.case_id for one in store.solved.solved_cases()] == [second.case.id, first.case.id]


def test_a_reply_drafted_from_a_message_that_was_deleted_is_not_remembered(world, store):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k1")

    store.suggestions.retire(world.suggestion.id, "withdrawn")

    assert store.solved.solved_cases() == []
