"""A small world with figures counted by hand: twenty cases, each with two drafts and what agents said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from core.metrics.periods import figures_of_the_last
from core.values import Turn
from tests.conftest import World, a_suggestion


def figures(store, watch, days=30, team="T1"):
    return figures_of_the_last(days, watch(), lambda since, until: store.metrics.counted(since, until, team))


def test_decisions_are_shares_of_all_decisions(history, store, watch):
    found = figures(store, watch)

    assert {name: (found[f"adoption.{name}"].value, found[f"adoption.{name}"].n) for name in (
        "as_is", "edited", "rejected", "own_reply"
    )} == {"as_is": (0.4, 20), "edited": (0.25, 20), "rejected": (0.2, 20), "own_reply": (0.15, 20)}  # fmt: skip
    # Wilson's interval of 8 in 20, from a published table.
    assert (round(found["adoption.as_is"].low, 4), round(found["adoption.as_is"].high, 4)) == (0.2188, 0.6134)


def test_drafts_of_a_source_are_those_used_and_those_of_refused_pairs(history, store, watch):
    found = figures(store, watch)

    # 8 as they are, 5 edited, and twice 4 refused.
    assert (found["adoption.as_is.knowledge"].value, found["adoption.as_is.knowledge"].n) == (8 / 21, 21)
    assert found["adoption.rejected.knowledge"].value == 8 / 21
    assert (found["adoption.as_is.solved_case"].value, found["adoption.as_is.solved_case"].n) == (None, 0)


def test_preferences_marks_and_coverage(history, store, watch):
    found = figures(store, watch)

    assert (found["preference.tie"].value, found["preference.tie"].n) == (0.1, 20)
    assert (found["preference.position_a"].value, found["preference.position_a"].n) == (None, 18)
    assert (found["precision_at_8"].value, found["precision_at_8"].n) == (0.75, 20)
    assert found["outdated"].value == 0.25
    assert (found["annotation_coverage"].value, found["unanswerable"].value) == (1.0, 0.0)
    assert found["suggestion_s"].value == 0.0
    assert (found["annotation_s"].value, found["annotation_s"].n) == (60.0, 57)


def test_a_challenger_is_compared_where_it_wrote_one_of_the_two(history, store, watch):
    found = figures(store, watch)
    counted = store.metrics.counted(watch() - timedelta(days=1), watch(), "T1")

    assert counted.preferences == {("a", "b"): 14, ("b", "b"): 4, (None, "b"): 2}
    assert (found["preference.challenger"].value, found["preference.challenger"].n) == (None, 18)


def test_an_edit_counts_by_how_many_words_it_changes(history, store, watch):
    [*distances] = store.metrics.counted(watch() - timedelta(days=1), watch(), "T1").edits

    # One of nine words is another: 1 - 2 * 8 / 18.
    assert distances == pytest.approx([1 / 9] * 5)


def test_the_period_before_stands_beside_it(history, store, watch):
    watch.advance(10 * 86400)

    found = figures(store, watch, days=10)

    assert (found["adoption.as_is"].value, found["adoption.as_is"].n) == (None, 0)
    assert found["adoption.as_is"].previous == 0.4


def test_what_was_replaced_or_taken_back_or_is_of_a_withdrawn_case_does_not_count(history, store, watch):
    feedback = history[0].feedback
    feedback.withdraw("p0")
    feedback.prefer(history[1].suggestion.id, "U_ANN", "b3", "button", "again")
    store.cases.withdraw(history[2].case.id)
    watch.advance(1)

    counted = store.metrics.counted(watch() - timedelta(days=1), watch(), "T1")

    assert counted.preferences == {("a", "b"): 11, ("b", "b"): 5, (None, "b"): 2}
    assert counted.drafted == 19
    assert sum(counted.adoptions.values()) == 19


def test_another_workspace_is_not_counted_and_all_are_on_the_terminal(history, store, watch):
    case, _ = store.cases.open("T2", "C9", "1.0", "U", Turn("customer", "Hm?", "1.0", watch()))
    suggestion = store.suggestions.add(a_suggestion(case, watch()))
    store.suggestions.mark_posted(suggestion.id, "C9", "1.5", watch())
    World(store, history[0].feedback, watch, case, suggestion).feedback.prefer(
        suggestion.id, "U_EVA", "a1", "button", "theirs"
    )
    watch.advance(1)
    since = watch() - timedelta(days=1)

    assert [sum(store.metrics.counted(since, watch(), team).preferences.values()) for team in ("T1", "T2", None)] == [
        20, 1, 21,
    ]  # fmt: skip


def test_replies_are_timed_from_the_case_to_the_first_that_stands(history, store, watch):
    for number, world in enumerate(history[:3]):
        store.replies.mark_posted(f"k{number}", "C1", f"{number}.7", world.case.created_at + timedelta(seconds=90))
    store.replies.mark_undone("k2")

    assert store.metrics.counted(watch() - timedelta(days=1), watch(), "T1").reply_s == (90.0, 90.0)


def test_a_case_is_unanswerable_where_its_first_drafts_said_so(new_world, store, watch):
    world = new_world("1.0")
    case, _ = store.cases.open("T1", "C1", "2.0", "U", Turn("customer", "Hm?", "2.0", watch()))
    drafts = a_suggestion(case, watch())
    unknown = replace(drafts.candidates[0], source="no_answer")
    store.suggestions.add(replace(drafts, candidates=(unknown, drafts.candidates[1])))
    store.suggestions.mark_posted(drafts.id, "C1", "2.1", watch())
    world.revise(candidates=(unknown, drafts.candidates[1]))
    watch.advance(1)

    counted = store.metrics.counted(watch() - timedelta(days=1), watch(), "T1")

    assert (counted.drafted, counted.unanswerable, counted.annotated) == (2, 1, 0)
