"""Causes of bad outcomes: one row each, replaced when more is said, never of what was withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from core.causes import Attribution
from core.fix_first import fix_first
from tests.conftest import publish

LONG_AGO = timedelta(days=30)


def attribution(world, **changes):
    said = Attribution(
        suggestion_id=world.suggestion.id,
        outcome="refused",
        cause="ranking",
        evidence="“Article 4” was found at rank 4 and not shown.",
        topic="Article 4",
        article_id="article-4",
        report_id=None,
        said_at=world.clock(),
        basis="b1",
        version=3,
    )
    return replace(said, **changes)


def test_the_cause_of_a_suggestion_is_kept_once_and_replaced(world, store):
    store.causes.keep(attribution(world))

    store.causes.keep(attribution(world, cause="drafting", basis="b2"))

    [listed] = store.causes.listed(world.clock() - LONG_AGO, world.clock() + LONG_AGO)
    assert listed.attribution == attribution(world, cause="drafting", basis="b2")
    assert (listed.case_id, listed.channel, listed.ts) == (world.case.id, "C1", "1.01")
    assert store.causes.bases([world.suggestion.id, "sug_other"]) == {world.suggestion.id: "b2"}
    assert store.causes.last_computed() == world.clock()


def test_what_is_no_bad_outcome_any_more_is_dropped(world, store):
    assert store.causes.last_computed() is None
    store.causes.keep(attribution(world))

    store.causes.drop(world.suggestion.id)

    assert store.causes.bases([world.suggestion.id]) == {}


def test_a_period_and_a_workspace_have_their_own_and_a_withdrawn_case_has_none(world, store, watch):
    store.causes.keep(attribution(world))
    now = watch()

    assert len(store.causes.listed(now, now + LONG_AGO, "T1")) == 1
    assert store.causes.listed(now, now + LONG_AGO, "T2") == []
    assert store.causes.listed(now - LONG_AGO, now) == []
    store.cases.withdraw(world.case.id)
    assert store.causes.listed(now - LONG_AGO, now + LONG_AGO) == []


def test_what_something_was_said_about_comes_newest_first_without_what_has_lost_its_words(new_world, store, watch):
    older, newer, silent = new_world("1.0"), new_world("2.0"), new_world("3.0")
    older.feedback.reject(older.suggestion.id, "U_ANN", ["tone"], None, None, "modal", "k1")
    watch.advance(60)
    newer.feedback.mark(newer.suggestion.id, "U_ANN", 1, "irrelevant", "button", "k2")
    silent.feedback.prefer(silent.suggestion.id, "U_ANN", "a1", "button", "k3")

    assert store.causes.said_about(watch() - LONG_AGO) == {
        newer.suggestion.id: newer.case.id,
        older.suggestion.id: older.case.id,
    }
    assert list(store.causes.said_about(watch() - LONG_AGO)) == [newer.suggestion.id, older.suggestion.id]
    assert list(store.causes.said_about(watch())) == [newer.suggestion.id]
    store.forgetting.take_back([newer.suggestion.id])
    assert list(store.causes.said_about(watch() - LONG_AGO)) == [older.suggestion.id]


def test_reports_of_one_gap_are_one_line_as_long_as_it_waits(new_world, store, watch):
    worlds = [new_world(f"{number}.0") for number in (1, 2)]
    for number, world in enumerate(worlds):
        report = world.feedback.report_gap(
            world.suggestion.id, "U_ANN", "How to pay in cash.", "missing", None, "modal", f"g{number}"
        )
        store.gaps.join([report.id], "gap_cash", "T1")
        of_it = {"cause": "knowledge_gap", "report_id": report.id, "article_id": f"article-{number}"}
        store.causes.keep(attribution(world, **of_it))

    [line] = fix_first(store, watch() - LONG_AGO, watch() + LONG_AGO)

    assert (line.cause, line.topic, line.count) == ("knowledge_gap", "How to pay in cash.", 2)
    assert line.lever == "Write the article: aitl gaps draft gap_cash"
    store.gaps.set_status("gap_cash", "rejected", "U_LEAD", "Nobody pays in cash.")
    assert [one.topic for one in fix_first(store, watch() - LONG_AGO, watch() + LONG_AGO)] == ["Article 4", "Article 4"]


def test_an_article_is_as_old_as_its_first_version(store, watch):
    publish(store, 1)
    first = watch()
    watch.advance(3600)
    publish(store, 1, 2)

    assert store.causes.first_added(["article-1", "article-2", "article-9"]) == {
        "article-1": first,
        "article-2": watch(),
    }
