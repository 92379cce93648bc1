"""What an agent's own feedback changed: only what the record proves, and for that agent alone."""

from __future__ import annotations

import pytest

from core.annotations import Preference
from core.effects import effect_of, whose_feedback_counted
from core.knowledge.gap_draft import ArticleDraft
from core.knowledge.gaps import IndexCheck
from core.own_feedback import Effect, Measure, OwnArticle
from core.registry.bundle import NewBundle
from tests.conftest import publish

METRICS = {
    "parts": {
        "retriever": {"measure": "nDCG@10 of judged snippets", "before": 0.61, "after": 0.68},
        "reranker": {"measure": "nDCG@10 of judged snippets", "before": 0.61, "after": 0.68},
        "ranker": {},
    },
    "measures": {
        "nDCG@10 of judged snippets": {
            "champion": 0.61, "challenger": 0.68, "change": 0.07, "low": 0.02, "high": 0.12, "cases": 84,
        },
        "recall@75": {"champion": 0.9, "challenger": 0.9, "change": 0.0, "low": 0.0, "high": 0.0, "cases": 84},
    },
}  # fmt: skip
NOTHING = Effect([], [])


def taught_by(world, *agents):
    """A version that each of them has taught with a preference and a mark."""
    said = []
    for agent in agents:
        world.feedback.prefer(world.suggestion.id, agent, "a2", "button", f"prefer:{agent}")
        world.feedback.mark(world.suggestion.id, agent, 1, "helpful", "button", f"mark:{agent}")
        said += [one.id for one in world.store.annotations.standing(world.suggestion.id) if one.agent_id == agent]
    bundle = world.store.registry.register(NewBundle(0, {}, "9f00", METRICS, "superior", "It finds more."), said)
    return bundle.version


def test_clicks_count_from_the_moment_at_which_the_version_they_taught_serves(world, watch):
    version = taught_by(world, "U_ANN", "U_BEN")
    assert effect_of(world.store, "T1", "U_ANN") == NOTHING
    assert whose_feedback_counted(world.store, "T1") == set()

    watch.advance(60)
    world.store.registry.challenge(version, 0.2, "gate", "")
    watch.advance(60)
    world.store.registry.promote(version, "U_LEAD", "")

    [taught] = effect_of(world.store, "T1", "U_ANN").taught
    assert (taught.version, taught.is_challenger, taught.since) == (1, False, watch())
    assert (taught.own, taught.lessons) == ({"preference": 1, "relevance": 1}, 4)
    assert taught.measures == [Measure("nDCG@10 of judged snippets", 0.61, 0.68, 0.02, 0.12, 84)]
    assert effect_of(world.store, "T1", "U_CY") == NOTHING
    assert effect_of(world.store, "T2", "U_ANN") == NOTHING
    assert whose_feedback_counted(world.store, "T1") == {"U_ANN", "U_BEN"}
    assert whose_feedback_counted(world.store, "T2") == set()
    assert effect_of(world.store, "T1", "U_ANN", after=watch()) == NOTHING


def test_a_challenger_counts_as_one_and_a_version_that_was_rolled_back_does_not(world):
    version = taught_by(world, "U_ANN")

    world.store.registry.challenge(version, 0.2, "gate", "")
    assert [one.is_challenger for one in effect_of(world.store, "T1", "U_ANN").taught] == [True]

    world.store.registry.promote(version, "U_LEAD", "")
    world.store.registry.rollback("U_LEAD", "")
    assert effect_of(world.store, "T1", "U_ANN") == NOTHING


@pytest.fixture
def report(world):
    """Ann has reported that something is missing."""
    return world.feedback.report_gap(world.suggestion.id, "U_ANN", "Winter refunds", "missing", None, "modal", "gap1")


def test_an_article_counts_for_whoever_reported_that_it_was_missing(world, watch, report):
    store = world.store
    store.gaps.join([report.id], "gap_1", "T1")
    store.gaps.add_draft("gap_1", ArticleDraft("Article 7", "Text.", (), ()), "U_OWN")
    store.gaps.name_article("gap_1", "article-7")
    assert effect_of(store, "T1", "U_ANN") == NOTHING

    publish(store, 7)
    watch.advance(60)
    store.gaps.set_status("gap_1", "resolved", "U_OWN")

    told = OwnArticle("U_ANN", "article-7", "Article 7", None, was_missing=True, at=watch())
    assert effect_of(store, "T1", "U_ANN") == Effect([], [told])
    assert effect_of(store, "T1", "U_BEN") == NOTHING
    assert whose_feedback_counted(store, "T1") == {"U_ANN"}
    publish(store, 8)  # it is retired
    assert effect_of(store, "T1", "U_ANN") == NOTHING


def test_an_article_that_was_there_counts_once_it_is_found(world, watch):
    publish(world.store, 7)
    report = world.feedback.report_gap(
        world.suggestion.id, "U_ANN", "Winter refunds", "exists_not_found", "https://help.example/7", "modal", "gap1"
    )
    world.store.gaps.keep_check(report.id, IndexCheck("article-7", 3, "1", watch()))
    assert effect_of(world.store, "T1", "U_ANN") == NOTHING

    world.store.annotations.set_gap_status("gap1", "resolved", "article-7")

    [article] = effect_of(world.store, "T1", "U_ANN").articles
    assert (article.title, article.was_missing) == ("Article 7", False)


def test_what_is_told_names_nobody_else(world):
    version = taught_by(world, "U_ANN", "U_BEN")
    world.store.registry.promote(version, "U_LEAD", "")

    said = [one for one in world.store.annotations.standing(world.suggestion.id) if isinstance(one, Preference)]
    assert {one.agent_id for one in said} == {"U_ANN", "U_BEN"}
    assert "U_BEN" not in repr(effect_of(world.store, "T1", "U_ANN"))
