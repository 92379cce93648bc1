"""Words are taken back together with the message they came from."""

from __future__ import annotations


def test_what_was_drafted_from_a_deleted_message_loses_its_words_and_its_vector(new_world, store):
    gone, other = new_world("1.0"), new_world("2.0")
    for world in (gone, other):
        world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", f"k{world.case.id}")
    assert len(store.solved.arrived(0)) == 2

    store.forgetting.take_back([gone.suggestion.id])

    emptied = store.suggestions.get(gone.suggestion.id)
    assert [turn.text for turn in emptied.turns] == [""]
    assert (emptied.query, [one.text for one in emptied.candidates]) == ("", ["", ""])
    assert store.suggestions.get(other.suggestion.id).query == "where is my refund"
    assert len(store.solved.arrived(0)) == 1


def test_taking_back_nothing_changes_nothing(world, store):
    store.forgetting.take_back([])

    assert store.suggestions.get(world.suggestion.id).query == "where is my refund"
