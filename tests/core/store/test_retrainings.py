"""Retrainings in the database: one at a time, none twice, each shown by what it asks of the outbox."""

from __future__ import annotations

import pytest

from core.store.retrainings import POST, REPORT, UPDATE


def to_send(store) -> list[tuple[str, str]]:
    """What is to be shown, taken as sent."""
    found = []
    while sendings := store.outbox.claim("sender", 30, 10):
        for one in sendings:
            found.append((one.purpose, one.subject))
            store.outbox.finish(one.id)
    return found


def test_from_being_asked_for_to_the_end(store, watch):
    asked = store.retrainings.ask("k1", "asked", "U_LEA", "C1", "T1")
    assert (asked, store.retrainings.get("k1").state, to_send(store)) == (True, "waiting", [])

    assert store.retrainings.start("k1")
    assert to_send(store) == [(POST, "k1")]
    store.retrainings.mark_posted("k1", "C_LEADS", "1.0")
    store.retrainings.progress("k1", "training the retriever, 40 %")
    store.retrainings.progress("k1", "training the retriever, 40 %")  # no news
    assert to_send(store) == [(UPDATE, "k1")]
    watch.advance(60)
    assert store.retrainings.finish("k1", {"verdict": "superior", "reason": "Better.", "version": 3})

    ended = store.retrainings.get("k1")
    assert (ended.state, ended.outcome["version"], ended.progress) == ("done", 3, "")
    assert (ended.finished_at - ended.started_at).total_seconds() == 60
    assert (ended.channel, ended.ts) == ("C_LEADS", "1.0")
    assert to_send(store) == [(UPDATE, "k1"), (REPORT, "k1")]
    assert store.retrainings.last_ended() == ended


def test_a_key_is_asked_for_once_and_runs_once(store):
    assert store.retrainings.ask("cadence:1", "cadence")
    assert not store.retrainings.ask("cadence:1", "cadence")

    assert store.retrainings.start("cadence:1")
    assert not store.retrainings.start("cadence:1")
    store.retrainings.finish("cadence:1", {})

    assert not store.retrainings.start("cadence:1")
    assert not store.retrainings.finish("cadence:1", {"verdict": "superior"})
    assert not store.retrainings.ask("cadence:1", "cadence")
    assert REPORT not in {purpose for purpose, _ in to_send(store)}  # nobody asked


def test_two_never_run_at_once(store, watch):
    store.retrainings.ask("one", "cadence")
    watch.advance(1)
    store.retrainings.ask("two", "annotations")

    assert store.retrainings.under_way().key == "one"
    assert store.retrainings.start("two")
    assert not store.retrainings.start("one")
    assert store.retrainings.under_way().key == "two"
    assert store.retrainings.fail("two", "It broke.")

    assert store.retrainings.under_way().key == "one"
    assert store.retrainings.start("one")


def test_one_that_was_interrupted_waits_and_counts_its_attempts(store):
    store.retrainings.ask("k1", "asked", "U_LEA", "C1", "T1")
    store.retrainings.start("k1")

    assert store.retrainings.put_back("k1")
    assert not store.retrainings.put_back("k1")
    waiting = store.retrainings.get("k1")
    store.retrainings.start("k1")

    assert (waiting.state, waiting.attempts, waiting.finished_at) == ("waiting", 1, None)
    assert store.retrainings.get("k1").attempts == 2


def test_only_what_ended_well_or_runs_counts_as_the_last(store, watch):
    assert store.retrainings.last_started() is None
    for key, end in (("one", "finish"), ("two", "fail")):
        watch.advance(100)
        store.retrainings.ask(key, "cadence")
        store.retrainings.start(key)
        getattr(store.retrainings, end)(key, {} if end == "finish" else "It broke.")

    assert store.retrainings.last_started() == store.retrainings.get("one").started_at
    assert store.retrainings.last_ended().key == "two"


@pytest.mark.parametrize(
    ("cause", "team", "given_up"), [("asked", "T1", ["k1"]), ("cadence", "T1", []), ("asked", "T2", [])]
)
def test_whoever_asked_in_vain_is_told_in_their_workspace(store, watch, cause, team, given_up):
    store.retrainings.ask("k1", cause, "U_LEA", "C1", team)

    assert store.retrainings.give_up_unanswered(45, "T1") == []
    watch.advance(46)
    found = store.retrainings.give_up_unanswered(45, "T1")

    assert [one.key for one in found] == given_up
    assert store.retrainings.start("k1") is not bool(given_up)
    if given_up:
        assert to_send(store) == [(REPORT, "k1")]


def test_one_that_began_is_never_unanswered(store, watch):
    store.retrainings.ask("k1", "asked", "U_LEA", "C1", "T1")
    store.retrainings.start("k1")
    store.retrainings.put_back("k1")
    watch.advance(1000)

    assert store.retrainings.give_up_unanswered(45, "T1") == []
