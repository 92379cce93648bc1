"""Annotations: append-only; what stands depends on what was clicked when, not on how it arrived."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.annotations import Adoption, MissingKnowledge, Preference, Relevance
from core.errors import InvalidAnnotation, UnknownAnnotation


def preference(world, key, *, agent="U_ANN", slot="a", strength=2, seconds=0.0, **more):
    return Preference(
        id=f"ann_{world.case.id}_{key}",
        key=key,
        case_id=world.case.id,
        suggestion_id=world.suggestion.id,
        agent_id=agent,
        created_at=world.clock() + timedelta(seconds=seconds),
        latency_s=seconds,
        source="button",
        chosen_slot=slot,
        strength=strength,
        **more,
    )


def own_reply(world, key):
    return Adoption(
        id=f"ann_{key}",
        key=key,
        case_id=world.case.id,
        suggestion_id=None,
        agent_id="U_ANN",
        created_at=world.clock(),
        latency_s=None,
        source="message",
        decision="own_reply",
        final="You will have it on Friday.",
        confirmed=False,
    )


def keys(annotations):
    return [annotation.key for annotation in annotations]


def test_an_annotation_comes_back_as_it_was_recorded(world, store):
    recorded = store.annotations.record(preference(world, "k1", judge="accepted", weight=0.5))

    assert recorded == preference(world, "k1", judge="accepted", weight=0.5)
    assert store.annotations.by_key("k1") == recorded
    assert store.annotations.by_key("k2") is None


def test_a_second_record_with_the_same_key_changes_nothing(world, store):
    first = store.annotations.record(preference(world, "k1"))

    again = store.annotations.record(preference(world, "k1").model_copy(update={"id": "ann_2", "strength": 3}))

    assert again == first
    assert keys(store.annotations.all("preference")) == ["k1"]


def test_a_key_never_means_two_kinds(world, store):
    store.annotations.record(preference(world, "k1"))

    with pytest.raises(InvalidAnnotation, match="'k1' names another kind"):
        store.annotations.record(own_reply(world, "k1"))


def test_a_later_choice_replaces_the_earlier_one_which_stays_on_record(world, store):
    store.annotations.record(preference(world, "k1", slot="a"))

    store.annotations.record(preference(world, "k2", slot="b", seconds=5))

    assert keys(store.annotations.standing(world.suggestion.id)) == ["k2"]
    assert [(one.key, one.superseded) for one in store.annotations.of_case(world.case.id, everything=True)] == [
        ("k1", True),
        ("k2", False),
    ]


def test_an_earlier_choice_that_arrives_later_is_stored_as_replaced(world, store):
    store.annotations.record(preference(world, "k2", slot="b", seconds=5))

    late = store.annotations.record(preference(world, "k1", slot="a"))

    assert late.superseded
    assert keys(store.annotations.standing(world.suggestion.id)) == ["k2"]


def test_agents_do_not_replace_each_other(world, store):
    store.annotations.record(preference(world, "k1", agent="U_ANN"))
    store.annotations.record(preference(world, "k2", agent="U_BEN", slot="b"))

    assert keys(store.annotations.standing(world.suggestion.id)) == ["k1", "k2"]


def test_withdrawing_restores_nothing_older(world, store):
    store.annotations.record(preference(world, "k1"))
    store.annotations.record(preference(world, "k2", seconds=5))

    withdrawn = [store.annotations.withdraw("k2") for _ in range(2)]

    assert [one.withdrawn for one in withdrawn] == [True, True]
    assert store.annotations.standing(world.suggestion.id) == []
    assert len(store.annotations.of_case(world.case.id, everything=True)) == 2


def test_what_was_withdrawn_before_it_arrived_never_stands(world, store):
    assert store.annotations.withdraw("k1") is None

    assert store.annotations.record(preference(world, "k1")).withdrawn


def test_a_reaction_taken_away_and_added_again_stands(world, store, watch):
    store.annotations.record(preference(world, "added-1", seconds=1), group="reaction")
    store.annotations.withdraw_group("reaction", "removed-2", watch() + timedelta(seconds=2))

    store.annotations.record(preference(world, "added-3", seconds=3), group="reaction")
    store.annotations.withdraw_group("reaction", "removed-2", watch() + timedelta(seconds=9))

    assert keys(store.annotations.standing(world.suggestion.id)) == ["added-3"]


def test_a_reaction_that_arrives_after_its_removal_does_not_stand(world, store, watch):
    store.annotations.withdraw_group("reaction", "removed-2", watch() + timedelta(seconds=2))

    late = store.annotations.record(preference(world, "added-1", seconds=1), group="reaction")

    assert late.withdrawn


def test_marks_on_different_snippets_stand_beside_each_other(world, store):
    for n in (1, 2):
        store.annotations.record(
            Relevance(
                id=f"ann_r{n}",
                key=f"r{n}",
                case_id=world.case.id,
                suggestion_id=world.suggestion.id,
                agent_id="U_ANN",
                created_at=world.clock(),
                latency_s=1,
                source="button",
                snippet_id=f"snip_{n}",
                n=n,
                label="helpful",
                cited=True,
            )
        )

    assert keys(store.annotations.standing(world.suggestion.id)) == ["r1", "r2"]


def test_an_own_reply_teaches_as_long_as_somebody_confirms_it(world, store):
    store.annotations.record(own_reply(world, "m1"))

    assert store.annotations.confirm("m1", "U_ANN").confirmed
    assert store.annotations.confirm("m1", "U_BEN").confirmed
    assert store.annotations.unconfirm("m1", "U_ANN").confirmed
    assert not store.annotations.unconfirm("m1", "U_BEN").confirmed
    assert store.annotations.confirm("m1", "U_BEN").confirmed
    assert not store.annotations.unconfirm("m1").confirmed


def test_only_an_own_reply_can_be_confirmed(world, store):
    store.annotations.record(preference(world, "k1"))

    for key in ("k1", "nothing"):
        with pytest.raises(UnknownAnnotation, match=key):
            store.annotations.confirm(key, "U_ANN")


def test_a_gap_moves_through_the_queue(world, store):
    for minutes, key in enumerate(("g1", "g2")):
        store.annotations.record(
            MissingKnowledge(
                id=f"ann_{key}",
                key=key,
                case_id=world.case.id,
                suggestion_id=world.suggestion.id,
                agent_id="U_ANN",
                created_at=world.clock() + timedelta(minutes=minutes),
                latency_s=None,
                source="modal",
                description="Refunds in winter",
                kind="missing",
                link="https://help.example/x",
            )
        )

    assert keys(store.gaps.open()) == keys(store.gaps.open(team="T1")) == ["g2", "g1"]
    assert keys(store.gaps.open(1)) == ["g2"]
    assert store.gaps.count() == 2
    assert (store.gaps.open(team="T2"), store.gaps.count("T2")) == ([], 0)
    assert store.annotations.set_gap_status("g2", "drafted", "winter").article_id == "winter"
    assert store.annotations.set_gap_status("g2", "resolved").article_id == "winter"
    assert keys(store.gaps.open()) == ["g1"]
    store.cases.withdraw(world.case.id)
    assert store.gaps.open() == []
    assert store.gaps.count() == 0


def test_a_status_needs_a_gap(world, store):
    store.annotations.record(preference(world, "k1"))

    with pytest.raises(UnknownAnnotation):
        store.annotations.set_gap_status("k1", "resolved")


def test_all_annotations_of_a_kind_come_oldest_first_over_many_portions(world, store):
    with store.transaction():
        for number in range(450):
            second = float(number // 3)  # three of one moment: their order is settled by their ids
            store.annotations.record(preference(world, f"k{number:03}", agent=f"U{number:03}", seconds=second))

    found = list(store.annotations.all("preference"))

    assert keys(found) == [f"k{number:03}" for number in range(450)]


def test_a_confirmation_that_arrives_after_it_was_taken_back_counts_by_its_own_moment(world):
    store, now = world.store, world.clock()
    world.feedback.own_reply(world.case.id, "U_ANN", "Mine", "m1")

    assert not store.annotations.unconfirm("m1", "U_BEN", now + timedelta(seconds=2)).confirmed
    assert not store.annotations.confirm("m1", "U_BEN", now + timedelta(seconds=1)).confirmed
    assert store.annotations.confirm("m1", "U_BEN", now + timedelta(seconds=3)).confirmed
    assert store.annotations.unconfirm("m1", "U_BEN", now + timedelta(seconds=2)).confirmed
