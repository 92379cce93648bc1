"""Why agents refuse drafts or change them, ranked, with threads to look at; and what a team has given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.metrics.reasons import Example, RankedReason, ranked_reasons


@pytest.fixture
def said(new_world, watch):
    """Four refusals and an edit, one minute apart."""
    worlds = [new_world(f"{number}.0") for number in range(1, 6)]
    given = [["outdated"], ["outdated", "tone"], ["wrong_fact"], ["outdated"]]
    for number, (world, reasons) in enumerate(zip(worlds, given, strict=False)):
        watch.advance(60)
        world.feedback.reject(world.suggestion.id, "U_ANN", reasons, None, None, "modal", f"k{number}")
    watch.advance(60)
    worlds[4].feedback.adopt(
        worlds[4].suggestion.id, "U_ANN", "a", "modal", "e", final="Hi! No rule applies.", reasons=["tone"]
    )
    watch.advance(1)
    return worlds


def ranked(store, since, until, team, **more):
    given = store.metrics.counted(since, until, team).reasons
    return store.reasons.with_threads(ranked_reasons(given), since, until, team, **more)


def contribution(store, since, until, team):
    return store.contributions.of(store.metrics.counted(since, until, team).said, since, until, team)


def test_the_most_frequent_come_first_with_their_newest_threads(said, store, watch):
    found = ranked(store, watch() - timedelta(days=1), watch(), "T1")

    examples = [Example(world.case.id, "C1", world.case.thread_ts) for world in said]
    assert found == [
        RankedReason("outdated", 3, 0, (examples[3], examples[1])),
        RankedReason("tone", 1, 1, (examples[4], examples[1])),
        RankedReason("wrong_fact", 1, 0, (examples[2],)),
    ]


def test_only_so_many_have_examples_and_other_workspaces_and_days_do_not_count(said, store, watch):
    since = watch() - timedelta(days=1)

    found = ranked(store, since, watch(), None, first=1)

    assert [len(one.examples) for one in found] == [2, 0, 0]
    assert ranked(store, since, watch(), "T2") == []
    assert ranked(store, watch(), watch() + timedelta(days=1), "T1") == []


def test_what_was_taken_back_is_no_reason(said, store, watch):
    said[2].feedback.withdraw("k2")
    watch.advance(1)

    found = ranked(store, watch() - timedelta(days=1), watch(), "T1")

    assert [one.code for one in found] == ["outdated", "tone"]


def test_the_team_is_counted_and_nobody_is_named(said, store, watch):
    said[0].feedback.mark(said[0].suggestion.id, "U_BOB", 1, "helpful", "button", "m")
    watch.advance(1)
    since = watch() - timedelta(days=1)

    given = contribution(store, since, watch(), "T1")

    assert (given.annotations, given.agents, given.articles) == (6, 2, 0)
    assert contribution(store, since, watch(), "T2").annotations == 0


def test_an_article_that_closes_a_gap_counts_on_the_day_it_does(store, watch):
    store.gaps.join([], "gap_1", "T1")
    store.gaps.set_status("gap_1", "resolved", "U_LEA")
    watch.advance(1)

    assert contribution(store, watch() - timedelta(days=1), watch(), "T1").articles == 1
