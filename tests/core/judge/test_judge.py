"""The judge over a real store: whatever is said about a case is judged together, and again when more is said."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from core.errors import UnknownAnnotation
from core.exports import rows
from core.judge.judge import Judge
from core.judge.ruling import Ruling
from core.knowledge.generation import IndexGeneration
from core.values import Article


@pytest.fixture
def judge(store):
    return Judge(store)


@pytest.fixture
def known(world, store, watch):
    """The world, a minute after the drafts came; the knowledge base has what they cite."""
    articles = [Article(f"article-{n}", 1, f"Article {n}", None, "Text.", f"hash-{n}", "here") for n in (1, 2, 3)]
    snippets = [one.snippet for one in world.suggestion.shown]
    store.knowledge.publish(articles, [], snippets, IndexGeneration("gen-1", "minilm", "here", 3))
    watch.advance(60)
    return world


def verdicts(store, kind="preferences"):
    return [(row["judge"], row["weight"]) for row in rows(store, kind, everything=True)]


def test_what_nothing_speaks_against_is_accepted(known, store, judge):
    known.feedback.prefer(known.suggestion.id, "U_ANN", "b2", "button", "k1")
    assert verdicts(store) == [("pending", 1.0)]

    assert judge.round() == 1

    assert verdicts(store) == [("accepted", 1.0)]
    assert store.rulings.waiting() == []


def test_what_was_said_a_moment_ago_may_still_be_corrected_and_waits(known, store, judge, watch):
    known.feedback.prefer(known.suggestion.id, "U_ANN", "b2", "button", "k1")

    assert judge.round(watch() - timedelta(seconds=20)) == 0
    watch.advance(20)
    assert judge.round(watch() - timedelta(seconds=20)) == 1


def test_a_bot_judges_the_cases_of_its_own_workspace(known, store, judge):
    known.feedback.prefer(known.suggestion.id, "U_ANN", "b2", "button", "k1")

    assert judge.round(team="T2") == 0
    assert judge.round(team="T1") == 1


def test_a_second_round_without_news_rules_nothing_new(known, store, judge):
    known.feedback.prefer(known.suggestion.id, "U_ANN", "b2", "button", "k1")
    judge.round()

    assert judge.round() == 0


def test_what_is_sent_later_holds_the_preference_and_an_undo_frees_it_again(known, store, judge, watch):
    preference = known.feedback.prefer(known.suggestion.id, "U_ANN", "a3", "button", "k1")
    judge.round()
    known.feedback.adopt(known.suggestion.id, "U_ANN", "b", "button", "k2")

    judge.round()

    assert verdicts(store) == [("held", 0.0)]
    ruling = store.rulings.latest(preference.id)
    assert ruling is not None
    assert ruling.findings[0].reason == "prefers A significantly, but sent B as it was"
    assert list(rows(store, "preferences")) == []

    known.feedback.undo("k2", "U_ANN", watch())
    judge.round()

    assert store.rulings.latest(preference.id) == Ruling("accepted", 1.0)
    assert verdicts(store) == [("accepted", 1.0)]


def test_a_second_agent_changes_the_ruling_on_the_first(known, store, judge):
    known.feedback.prefer(known.suggestion.id, "U_ANN", "a2", "button", "k1")
    judge.round()
    known.feedback.prefer(known.suggestion.id, "U_BOB", "b2", "button", "k2")

    judge.round()

    assert verdicts(store) == [("downweighted", 0.5), ("downweighted", 0.5)]


def test_a_second_agent_who_thinks_better_of_it_takes_the_doubt_away_again(known, store, judge, watch):
    preference = known.feedback.prefer(known.suggestion.id, "U_ANN", "a2", "button", "k1")
    known.feedback.prefer(known.suggestion.id, "U_BOB", "b2", "button", "k2")
    judge.round()
    assert store.rulings.latest(preference.id).weight == 0.5
    watch.advance(1)
    known.feedback.prefer(known.suggestion.id, "U_BOB", "a1", "button", "k3")

    judge.round()

    assert store.rulings.latest(preference.id) == Ruling("accepted", 1.0)


def test_a_reply_whose_source_was_retired_is_held_and_remembered_no_more(known, store, judge):
    known.feedback.adopt(known.suggestion.id, "U_ANN", "b", "button", "k1")
    store.knowledge.publish([], ["article-2"], [], IndexGeneration("gen-2", "minilm", "here", 2))

    judge.round()

    assert verdicts(store, "adoptions") == [("held", 0.0)]
    assert store.solved.standing(store.solved.arrived(0)) == {}


def test_the_same_side_over_many_cases_is_noticed(known, new_world, store, judge, watch):
    for number in range(8):
        one = new_world(f"{number + 5}.0")
        watch.advance(60)
        one.feedback.prefer(one.suggestion.id, "U_ANN", "a2", "button", f"k{number}")

    judge.round()

    assert verdicts(store) == [*[("accepted", 1.0)] * 7, ("downweighted", 0.3)]


def test_a_case_that_cannot_be_judged_keeps_no_other_from_its_turn(known, new_world, store, judge, watch, caplog):
    other = new_world("7.0")
    watch.advance(60)
    known.feedback.prefer(known.suggestion.id, "U_ANN", "a2", "button", "k1")
    watch.advance(1)
    other.feedback.prefer(other.suggestion.id, "U_ANN", "a2", "button", "k2")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE suggestions SET body = '{}' WHERE id = :id"), {"id": known.suggestion.id})

    assert judge.round() == 1

    assert verdicts_of(store, other) == ["accepted"]
    assert store.rulings.waiting() == [known.case.id]
    assert f"what was said about {known.case.id} cannot be judged" in caplog.text


def verdicts_of(store, world):
    return [one.judge for one in store.annotations.of_case(world.case.id)]


def test_a_person_decides_for_good(known, store, judge):
    preference = known.feedback.prefer(known.suggestion.id, "U_ANN", "a3", "button", "k1")
    known.feedback.adopt(known.suggestion.id, "U_ANN", "b", "button", "k2")
    judge.round()

    assert store.rulings.decide(preference.id, True, "U_LEA")
    known.feedback.mark(known.suggestion.id, "U_ANN", 3, "helpful", "button", "k3")
    judge.round()

    assert verdicts(store) == [("accepted", 1.0)]
    assert not store.rulings.decide(preference.id, False, "U_SAM")
    assert verdicts(store) == [("accepted", 1.0)]


def test_what_is_not_held_is_not_for_a_person_to_decide(known, store, judge):
    preference = known.feedback.prefer(known.suggestion.id, "U_ANN", "a2", "button", "k1")
    judge.round()

    assert not store.rulings.decide(preference.id, False, "U_LEA")
    with pytest.raises(UnknownAnnotation):
        store.rulings.decide("ann_nowhere", True, "U_LEA")


def test_what_is_said_while_the_judge_works_is_judged_in_the_next_round(known, store, judge, watch):
    known.feedback.prefer(known.suggestion.id, "U_ANN", "a2", "button", "k1")
    with store.transaction():
        assert store.rulings.take(known.case.id)
        watch.now += timedelta(seconds=1)
        known.feedback.prefer(known.suggestion.id, "U_BOB", "a2", "button", "k2")

    assert store.rulings.waiting() == [known.case.id]
    assert judge.round() == 2
