"""Training cycles in SQL: each once by its key, and what a killed one leaves can be told."""

from __future__ import annotations

from core.annotations import Preference
from core.feedback import Feedback
from core.judge.ruling import Ruling
from core.redaction import redact


def test_a_cycle_begins_once_by_its_key(store):
    first = store.cycles.begin("sunday", ["ranker"], 0, "here", 11)
    second = store.cycles.begin("sunday", ["retriever"], 4, "there", 22)

    assert second == first
    assert (first.parts, first.parent, first.phase, first.pid) == (("ranker",), 0, "data", 11)


def test_a_cycle_says_where_it_stands_and_when_it_was_last_heard_of(store, watch):
    store.cycles.begin("sunday", ["ranker"], 0, "here", 11)
    watch.advance(30)

    store.cycles.report("sunday", "train", {"doing": "ranker", "done": 3, "total": 8})

    now = store.cycles.unfinished()
    assert (now.phase, now.progress, now.seen_at) == ("train", {"doing": "ranker", "done": 3, "total": 8}, watch.now)
    assert now.started_at < now.seen_at


def test_a_cycle_that_is_over_stays_as_it_ended(store, watch):
    store.cycles.begin("sunday", ["ranker"], 0, "here", 11)
    store.cycles.finish("sunday", "skipped", {"reason": "too few"})
    watch.advance(30)

    store.cycles.report("sunday", "train", {})
    store.cycles.finish("sunday", "failed", {"reason": "crash"})

    over = store.cycles.get("sunday")
    assert (over.ending, over.outcome, over.phase) == ("skipped", {"reason": "too few"}, "over")
    assert store.cycles.unfinished() is None
    assert store.cycles.last_registered() is None


def test_the_newest_cycles_come_first(store):
    for key in ("one", "two", "three"):
        store.cycles.begin(key, [], 0, "here", 11)
    store.cycles.finish("two", "registered", {"version": 1})

    assert [one.key for one in store.cycles.latest(2)] == ["three", "two"]
    assert store.cycles.last_registered().key == "two"
    assert store.cycles.unfinished().key == "three"


def test_only_what_may_teach_and_came_later_is_counted(world, store, watch):
    feedback = Feedback(store, watch, redact)
    for agent in ("U1", "U2", "U3"):
        feedback.prefer(world.suggestion.id, agent, "a2", "button", f"k-{agent}")
        watch.advance(60)
    said = [one for one in store.annotations.all("preference") if isinstance(one, Preference)]
    for one in said[:2]:
        store.rulings.add(one.id, Ruling("accepted", 1.0), "checks")
    store.rulings.add(said[2].id, Ruling("held", 0.0), "checks")

    assert store.cycles.may_teach_since(None) == 2
    assert store.cycles.may_teach_since(said[0].created_at) == 1
    feedback.withdraw("k-U2")
    assert store.cycles.may_teach_since(said[0].created_at) == 0


def test_frozen_questions_are_kept_in_order_up_to_their_number(world, store):
    new = store.frozen.add({world.suggestion.id: ["s1", "s2"]}, most=1)
    again = store.frozen.add({world.suggestion.id: ["other"]}, most=1)

    assert (new, again) == (1, 0)
    assert store.frozen.all() == {world.suggestion.id: ("s1", "s2")}
