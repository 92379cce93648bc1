"""Bad outcomes and their causes in the store: which count, each once, the newest first, and only as far as asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.judge.ruling import Ruling
from tests.conftest import publish
from tests.core.suggesters import pipeline
from training.causes.outcomes import outcome_of
from training.causes.round import find_causes, has_new
from training.examples import why_not

MONTH = timedelta(days=30)


@pytest.fixture
def knowledge(store):
    """What the worlds' suggestions show."""
    publish(store, 1, 2, 3, 4)


def judged(store):
    """The judge lets all of it teach."""
    for kind in ("adoption", "relevance", "gap", "preference"):
        for one in store.annotations.all(kind):
            store.rulings.add(one.id, Ruling("accepted", 1.0), "test")


def outcome(world):
    """What became of the world's suggestion."""
    judged(world.store)
    said = world.store.annotations.of_case(world.case.id)
    found = outcome_of(world.suggestion, [one for one in said if why_not(world.case, one) is None])
    return found and found.kind


def find(store, watch, most=100):
    judged(store)
    return find_causes(store, lambda bundle: pipeline(3), watch() - MONTH, most)


def causes(store, watch):
    listed = store.causes.listed(watch() - MONTH, watch() + MONTH)
    return [(one.attribution.outcome, one.attribution.cause, one.attribution.evidence) for one in listed]


def test_a_draft_that_is_sent_as_it_is_and_a_marked_snippet_beside_it_are_no_bad_outcome(world):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k1")
    world.feedback.mark(world.suggestion.id, "U_ANN", 2, "irrelevant", "button", "k2")
    assert outcome(world) is None


def test_a_mark_against_what_a_draft_cites_is_a_bad_outcome_and_one_beside_a_helpful_one_is_not(new_world):
    cited, beside, alone = new_world("1.0"), new_world("2.0"), new_world("3.0")
    for one in (cited, beside):
        one.feedback.mark(one.suggestion.id, "U_ANN", 1, "helpful", "button", f"{one.case.id}-1")
    cited.feedback.mark(cited.suggestion.id, "U_ANN", 2, "irrelevant", "button", "k1")
    beside.feedback.mark(beside.suggestion.id, "U_ANN", 3, "irrelevant", "button", "k2")
    alone.feedback.mark(alone.suggestion.id, "U_ANN", 3, "irrelevant", "button", "k3")

    assert [outcome(one) for one in (cited, beside, alone)] == ["irrelevant", None, "irrelevant"]


def test_a_reply_of_an_agents_own_counts_once_it_is_confirmed(world):
    world.feedback.own_reply(world.case.id, "U_ANN", "A refund takes five days.", "k1")
    assert outcome(world) is None

    world.feedback.confirm("k1", "U_ANN")
    assert outcome(world) == "passed_over"


def test_an_edit_of_words_is_taste_and_of_punctuation_nothing(new_world, knowledge, store, watch):
    tidied, reworded = new_world("1.0"), new_world("2.0")
    for one, text in (
        (tidied, "Hi: refund rule number 1 applies"),
        (reworded, "Dear Ana! Refund rule number 1 applies."),
    ):
        one.feedback.adopt(one.suggestion.id, "U_ANN", "a", "modal", f"e{one.case.id}", text)

    find(store, watch)

    assert causes(store, watch) == [("edited", "taste", "The edit changes the wording and no fact.")]


def test_what_is_reported_as_missing_is_a_gap_with_its_report(world, knowledge, store, watch):
    world.feedback.reject(world.suggestion.id, "U_ANN", ["missed_question"], None, None, "modal", "k1")
    report = world.feedback.report_gap(world.suggestion.id, "U_ANN", "Paying in cash", "missing", None, "modal", "k2")

    find(store, watch)

    [listed] = store.causes.listed(watch() - MONTH, watch() + MONTH)
    assert listed.attribution.cause == "knowledge_gap"
    assert listed.attribution.report_id == report.id
    assert listed.attribution.topic == "Article 1"  # what the drafts rest on comes nearest
    assert listed.attribution.version == 3


def test_a_report_against_a_helpful_snippet_that_no_draft_cites_leaves_the_cause_unknown(
    world, knowledge, store, watch
):
    world.feedback.reject(world.suggestion.id, "U_ANN", ["missed_question"], None, None, "modal", "k1")
    world.feedback.report_gap(world.suggestion.id, "U_ANN", "Paying in cash", "missing", None, "modal", "k2")
    world.feedback.mark(world.suggestion.id, "U_ANN", 3, "helpful", "button", "k3")

    find(store, watch)

    several = "Each of several swaps alone repairs it: drafting and knowledge gap."
    assert causes(store, watch) == [("refused", "unknown", several)]


def test_a_refusal_without_a_word_of_what_would_have_been_right_is_unknown(world, knowledge, store, watch):
    world.feedback.reject(world.suggestion.id, "U_ANN", ["missed_question"], None, None, "modal", "k1")

    find(store, watch)

    assert causes(store, watch) == [("refused", "unknown", "What would have been right is not known.")]


def test_a_second_run_finds_nothing_new_until_more_is_said(world, knowledge, store, watch):
    world.feedback.reject(world.suggestion.id, "U_ANN", ["missed_question"], None, None, "modal", "k1")
    assert not has_new(store, watch() - MONTH)  # the judge has not seen it
    judged(store)
    assert has_new(store, watch() - MONTH)
    assert find(store, watch).found == 1

    assert find(store, watch).found == 0
    watch.advance(60)
    world.feedback.mark(world.suggestion.id, "U_ANN", 3, "helpful", "button", "k2")
    assert find(store, watch).found == 1
    assert [cause for _, cause, _ in causes(store, watch)] == ["drafting"]


def test_what_is_taken_back_leaves_the_list(world, knowledge, store, watch):
    world.feedback.reject(world.suggestion.id, "U_ANN", ["tone"], None, None, "modal", "k1")
    find(store, watch)
    assert causes(store, watch) == [("refused", "taste", "The agent's only reasons are of taste.")]

    world.feedback.withdraw("k1")
    find(store, watch)

    assert causes(store, watch) == []


def test_a_bounded_run_takes_the_newest_and_the_next_one_goes_on(new_world, knowledge, store, watch):
    for number in range(3):
        world = new_world(f"{number}.0")
        watch.advance(60)
        world.feedback.reject(world.suggestion.id, f"U{number}", ["tone"], None, None, "modal", f"k{number}")
    steps = []
    judged(store)

    first = find_causes(store, lambda bundle: pipeline(3), watch() - MONTH, 2, lambda *step: steps.append(step))

    assert (first.found, first.left, steps) == (2, 1, [(0, 2), (1, 2), (2, 2)])
    assert store.causes.listed(watch() - MONTH, watch() - timedelta(seconds=90)) == []
    assert (find(store, watch).found, len(causes(store, watch))) == (1, 3)
