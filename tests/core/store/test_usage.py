"""What became of the articles in use: shown and cited in sent replies, marked, and as they are now."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.judge.ruling import Ruling
from core.knowledge.generation import IndexGeneration
from core.values import Article, Snippet
from tests.conftest import publish, snippet


@pytest.fixture
def use(store, watch):
    """By article what became of it since the clock was started."""
    publish(store, 1, 2, 3)
    since = watch()
    return lambda: {one.id: one for one in store.usage.of_articles(since)}


def sent(world, slot, key):
    world.feedback.adopt(world.suggestion.id, "U_ANN", slot, "button", key)
    return world.store.replies.mark_posted(key, "C1", f"{key}.5", world.clock())


def mark(world, number, label, agent="U_ANN"):
    key = f"{world.case.id}:{number}:{agent}"
    world.feedback.mark(world.suggestion.id, agent, number, label, "button", key)
    return key


def test_a_reply_that_was_sent_counts_for_what_it_cites_and_what_stood_beside_it(new_world, use):
    sent(new_world("1.0"), "a", "k1")
    sent(new_world("2.0"), "b", "k2")

    of = use()

    assert [(one.shown, one.cited) for one in (of["article-1"], of["article-2"], of["article-3"])] == [
        (2, 1),
        (2, 1),
        (2, 0),
    ]


def test_a_draft_that_was_not_sent_or_was_undone_counts_for_nothing(new_world, store, use):
    new_world("1.0")
    undone = new_world("2.0")
    sent(undone, "a", "k2")
    store.replies.mark_undone("k2")

    assert {(one.shown, one.cited) for one in use().values()} == {(0, 0)}


def test_replies_of_cases_before_the_period_are_not_looked_at(new_world, store, watch, use):
    sent(new_world("1.0"), "a", "k1")

    assert use()["article-1"].cited == 1
    assert {one.cited for one in store.usage.of_articles(watch() + timedelta(days=1))} == {0}


def test_marks_count_as_they_stand(new_world, use):
    one, other = new_world("1.0"), new_world("2.0")
    mark(one, 1, "outdated")
    mark(other, 1, "outdated")
    mark(other, 2, "irrelevant")
    mark(other, 2, "helpful", "U_BEN")
    one.feedback.withdraw(mark(one, 2, "irrelevant"))

    of = use()

    assert (of["article-1"].marked, of["article-1"].outdated) == (2, 2)
    assert (of["article-2"].marked, of["article-2"].irrelevant) == (2, 1)
    assert of["article-3"].marked == 0


def test_a_mark_goes_with_the_passage_it_is_about(new_world, store, use):
    world = new_world("1.0")
    mark(world, 1, "outdated")
    mark(world, 2, "outdated")
    changed = [Article(f"article-{n}", 2, f"Article {n}", None, "New.", f"new-{n}", "here") for n in (1, 2)]
    passages = [Snippet("snip_new", "article-1", 2, "Article 1", "", None, "New words."), snippet(2, version=2)]
    store.knowledge.publish(changed, [], passages, IndexGeneration("gen-new", "minilm", "there", 3))

    of = use()

    assert (of["article-1"].outdated, of["article-2"].outdated) == (0, 1)


def test_what_the_judge_holds_is_not_counted(new_world, store, use):
    world = new_world("1.0")
    mark(world, 1, "outdated")
    [said] = store.annotations.standing(world.suggestion.id)
    store.rulings.add(said.id, Ruling("held", 0.0), "checks")

    assert use()["article-1"].marked == 0


def test_a_retired_article_is_not_there_and_a_review_date_is(store, watch, use):
    reviewed = Article(
        "article-2", 2, "Two", "https://x.example", "Text.", "h", "here", attributes={"review_by": "2026-01-31"}
    )
    store.knowledge.publish([reviewed], ["article-3"], [snippet(2, 2)], IndexGeneration("gen-2", "minilm", "there", 2))

    of = use()

    assert sorted(of) == ["article-1", "article-2"]
    assert (of["article-2"].review_by, of["article-2"].changed_at) == ("2026-01-31", watch())
    assert of["article-1"].review_by is None
