"""Suggestions: one per revision, immutable, nothing on the screen ever lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import UnknownSuggestion
from core.knowledge.generation import IndexGeneration
from core.replies import PostedMessage
from core.values import Article


def publish_snippets_of(world):
    """The knowledge base holds what the suggestion found."""
    snippets = [
        replace(ranked.snippet, text=f"Refund rule number {ranked.rank} applies.")
        for ranked in world.suggestion.retrieved
    ]
    articles = [
        Article(one.article_id, 1, one.title, one.url, one.text, f"hash-{one.id}", "memory") for one in snippets
    ]
    world.store.knowledge.publish(articles, [], snippets, IndexGeneration("gen-1", "minilm", "here", len(snippets)))


def test_a_suggestion_comes_back_as_it_was_stored(world, store):
    publish_snippets_of(world)

    stored = store.suggestions.get(world.suggestion.id)

    assert stored.parameters == {"seed": 7, "weights": [0.7, 0.3]}
    assert stored.timings_s == {"retrieve": 0.125}
    assert stored.turns == world.case.turns
    assert [ranked.snippet.text for ranked in stored.retrieved][-1] == "Refund rule number 4 applies."
    assert [(ranked.rank, ranked.score) for ranked in stored.retrieved] == [(1, 1.0), (2, 0.5), (3, 1 / 3), (4, 0.25)]
    assert stored.candidate("b").citations == (2,)
    assert stored.candidate("b").bundle == "bundle-b"
    assert stored.created_at == world.clock()


def test_what_was_on_the_screen_outlives_the_knowledge_base(world, store):
    shown = store.suggestions.get(world.suggestion.id).shown

    assert [ranked.snippet.text for ranked in shown] == [
        "Refund rule number 1 applies.",
        "Refund rule number 2 applies.",
        "Refund rule number 3 applies.",
    ]
    assert shown[0].snippet.url == "https://help.example/articles/1"


def test_a_retrieved_snippet_that_was_never_published_keeps_its_place(world, store):
    last = store.suggestions.get(world.suggestion.id).retrieved[-1]

    assert (last.snippet.id, last.snippet.article_id, last.rank, last.score) == ("snip_4", "article-4", 4, 0.25)
    assert last.snippet.text == ""


def test_the_first_suggestion_of_a_revision_stands(world, store):
    rival = replace(world.suggestion, id="sug_rival", query="another")

    stored = store.suggestions.add(rival)

    assert stored.id == world.suggestion.id
    assert stored.query == "where is my refund"
    assert len(store.suggestions.of_case(world.case.id)) == 1


def test_revisions_count_up(world, store):
    assert store.suggestions.next_revision(world.case.id) == 2

    second = world.revise()

    assert second.revision == 2
    assert store.suggestions.next_revision(world.case.id) == 3
    assert store.suggestions.latest(world.case.id).id == second.id
    assert [one.revision for one in store.suggestions.of_case(world.case.id)] == [1, 2]
    assert store.suggestions.count() == 2
    assert store.suggestions.next_revision("case_other") == 1
    assert store.suggestions.latest("case_other") is None


def test_a_suggestion_is_found_by_its_message(world, store):
    assert store.suggestions.by_message("T1", "C1", "1.01").id == world.suggestion.id
    assert store.suggestions.by_message("T1", "C2", "1.01") is None
    assert store.suggestions.posted(world.suggestion.id) == PostedMessage("C1", "1.01", world.clock())


def test_the_first_report_of_posting_wins(world, store, watch):
    posted_at = watch()
    watch.advance(9)

    store.suggestions.mark_posted(world.suggestion.id, "C1", "7.7", watch())

    assert store.suggestions.posted(world.suggestion.id) == PostedMessage("C1", "1.01", posted_at)


def test_a_suggestion_lives_from_posting_to_retirement(world, store):
    unposted = store.suggestions.add(replace(world.suggestion, id="sug_2", revision=2))

    assert store.suggestions.posted(unposted.id) is None
    assert store.suggestions.state(unposted.id) == "pending"
    assert store.suggestions.state(world.suggestion.id) == "live"


def test_withdrawn_is_final(world, store, watch):
    store.suggestions.retire(world.suggestion.id, "superseded")
    retired_at = watch()
    watch.advance(60)

    store.suggestions.retire(world.suggestion.id, "withdrawn")
    store.suggestions.retire(world.suggestion.id, "superseded")

    assert store.suggestions.state(world.suggestion.id) == "withdrawn"
    assert store.suggestions.retired_at(world.suggestion.id) == retired_at


def test_an_unknown_suggestion_is_an_error_that_names_it(store):
    for ask in (store.suggestions.get, store.suggestions.posted, store.suggestions.state):
        with pytest.raises(UnknownSuggestion, match="sug_nope"):
            ask("sug_nope")


def test_a_message_of_another_workspace_is_another_message(world, store):
    assert store.suggestions.by_message("T2", "C1", "1.01") is None


def test_the_newest_that_stand_in_a_channel_are_found_for_their_workspace(new_world):
    first, second = new_world("1.0"), new_world("2.0")
    third = new_world("3.0")
    third.store.suggestions.retire(third.suggestion.id, "withdrawn")
    store = first.store

    assert store.suggestions.newest_in("T1", "C1", 9) == [second.suggestion.id, first.suggestion.id]
    assert store.suggestions.newest_in("T1", "C1", 1) == [second.suggestion.id]
    assert store.suggestions.newest_in("T2", "C1", 9) == store.suggestions.newest_in("T1", "C2", 9) == []
    assert (store.cases.channels("T1"), store.cases.channels("T2")) == ({"C1"}, set())


def test_the_newest_of_a_channel_are_listed_with_withdrawn_ones_when_asked(world, store):
    newer = world.revise()
    store.suggestions.retire(newer.id, "withdrawn")

    assert store.suggestions.newest_in("T1", "C1", 9) == [world.suggestion.id]
    assert set(store.suggestions.newest_in("T1", "C1", 9, and_withdrawn=True)) == {world.suggestion.id, newer.id}
