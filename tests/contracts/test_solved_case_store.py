"""The contract of SolvedCaseStore, on every implementation: SQLite and PostgreSQL."""

from __future__ import annotations

import numpy as np

from core.values import SolvedCase, Turn


def standing(store):
    """All that may be said again, in the order of their arrival."""
    places = store.solved.arrived(0)
    found = store.solved.standing(places)
    return [found[place] for place in places if place in found]


def test_nothing_is_solved_at_first(store):
    assert store.solved.arrived(0) == []
    assert store.solved.standing([1]) == store.solved.questions([1]) == store.solved.vectors([1], "v") == {}


def test_an_adopted_reply_is_remembered_with_what_it_cited(world, store):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k1")

    assert standing(store) == [
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

    assert standing(store) == []


def test_a_confirmed_reply_of_an_agents_own_is_remembered_without_citations(world, store):
    world.feedback.own_reply(world.case.id, "U_ANN", "It is on its way.", "m1")
    world.feedback.confirm("m1", "U_BEN")

    assert standing(store) == [SolvedCase(world.case.id, "Where is my refund?", "It is on its way.", ())]


def test_a_reply_before_any_suggestion_remembers_what_was_asked_and_no_greeting(world, store):
    case, _ = store.cases.open("T1", "C1", "9.0", "U", Turn("customer", "Hello", "9.0", world.clock()))
    store.cases.add_turn(case.id, Turn("customer", "Can I bring a dog?", "9.1", world.clock()))
    world.feedback.own_reply(case.id, "U_ANN", "Yes.", "m1")
    world.feedback.confirm("m1", "U_ANN")

    assert standing(store) == [SolvedCase(case.id, "Can I bring a dog?", "Yes.", ())]


def test_a_reply_with_something_masked_is_not_said_again(world, store):
    final = "Write to jo@mail.example."
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "modal", "k1", final=final)

    assert standing(store) == []


def test_they_are_read_in_the_order_they_arrived_and_only_the_new_ones(new_world, store, watch):
    first, second = new_world("1.0"), new_world("2.0")
    watch.advance(60)
    first.feedback.adopt(first.suggestion.id, "U_ANN", "a", "button", "k1")
    [place] = store.solved.arrived(0)
    second.feedback.adopt(second.suggestion.id, "U_ANN", "a", "button", "k2", at=second.case.created_at)

    [later] = store.solved.arrived(place)

    assert later > place
    assert store.solved.arrived(later) == []
    assert store.solved.standing([later])[later].case_id == second.case.id


def test_a_click_delivered_twice_arrives_once(world, store):
    for _ in range(2):
        world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k1")

    assert len(store.solved.arrived(0)) == 1


def test_what_was_asked_is_known_before_it_may_be_said_again(world, store):
    world.feedback.own_reply(world.case.id, "U_ANN", "It is on its way.", "m1")

    [place] = store.solved.arrived(0)

    assert store.solved.questions([place, 99]) == {place: "Where is my refund?"}
    assert store.solved.standing([place]) == {}


def test_a_later_choice_takes_the_place_of_the_one_before(world, store, watch):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k1")
    watch.advance(5)
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k2", anyway=True)

    assert [one.snippet_ids for one in standing(store)] == [("snip_2",)]


def test_vectors_are_kept_for_one_version_of_the_embedder(world, store):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k1")
    [place] = store.solved.arrived(0)

    store.solved.keep_vectors({place: np.array([0.5, 0.25], dtype=np.float32)}, "minilm@1")

    assert store.solved.vectors([place], "minilm@1")[place].tolist() == [0.5, 0.25]
    assert store.solved.vectors([place], "minilm@2") == {}


def test_a_place_is_never_given_twice(new_world, store, watch):
    first = new_world("1.0")
    first.feedback.adopt(first.suggestion.id, "U_ANN", "a", "button", "k1")
    [place] = store.solved.arrived(0)
    watch.advance(60)
    store.forgetting.forget(watch(), 10)
    assert store.solved.arrived(0) == []
    second = new_world("2.0")

    second.feedback.adopt(second.suggestion.id, "U_ANN", "a", "button", "k2")

    [later] = store.solved.arrived(0)
    assert later > place
