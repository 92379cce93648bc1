"""The contract of KnowledgeStore and KnowledgePublisher, on every implementation: SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from core.knowledge.generation import IndexGeneration
from core.values import Article, Snippet


def article(article_id, version=1, **more):
    return Article(article_id, version, f"Title {article_id}", None, f"Text {version}", f"h{version}", "kb", **more)


def snippet(snippet_id, article_id, version=1):
    return Snippet(snippet_id, article_id, version, f"Title {article_id}", "Top", None, f"Words of {snippet_id}")


def generation(number, count=2, made_by="minilm@abc"):
    return IndexGeneration(f"gen-{number}", made_by, f"index/gen-{number}", count)


def publish_first(store):
    store.knowledge.publish(
        [article("cancel", attributes={"audience": "guest"}), article("refund")],
        [],
        [snippet("c1", "cancel"), snippet("c2", "cancel"), snippet("r1", "refund")],
        generation(1, 3),
    )


def test_nothing_is_there_before_the_first_ingest(store):
    assert store.knowledge.pointer("minilm@abc") is None
    assert store.knowledge.pointers() == []
    assert store.knowledge.current_articles() == []
    assert store.knowledge.current_snippets() == []
    assert store.knowledge.article("cancel") is None
    assert store.knowledge.snippets(["c1"]) == {}
    assert store.knowledge.old_generations() == []
    assert store.knowledge.is_current([])


def test_what_is_published_is_current(store):
    publish_first(store)

    assert store.knowledge.pointer("minilm@abc") == generation(1, 3)
    assert store.knowledge.current_articles() == [
        article("cancel", attributes={"audience": "guest"}),
        article("refund"),
    ]
    assert [one.id for one in store.knowledge.current_snippets()] == ["c1", "c2", "r1"]
    assert store.knowledge.is_current(["c1", "r1", "c1"])
    assert not store.knowledge.is_current(["c1", "unknown"])


def test_a_new_version_keeps_the_unchanged_snippets_and_leaves_the_others_behind(store):
    publish_first(store)

    store.knowledge.publish(
        [article("cancel", 2)], [], [snippet("c2", "cancel", 2), snippet("c3", "cancel", 2)], generation(2)
    )

    assert store.knowledge.article("cancel").version == 2
    assert store.knowledge.article("cancel", 1).text == "Text 1"
    assert [one.id for one in store.knowledge.current_snippets()] == ["c2", "c3", "r1"]
    assert not store.knowledge.is_current(["c1"])
    assert store.knowledge.is_current(["c2", "c3"])
    assert store.knowledge.snippets(["c1"])["c1"].text == "Words of c1"


def test_a_retired_article_is_still_there_for_those_who_ask_by_id(store):
    publish_first(store)

    store.knowledge.publish([], ["cancel"], [], generation(2, 1))

    assert [one.id for one in store.knowledge.current_articles()] == ["refund"]
    assert [one.id for one in store.knowledge.current_snippets()] == ["r1"]
    assert store.knowledge.article("cancel").retired
    assert not store.knowledge.is_current(["c1", "r1"])
    assert store.knowledge.snippets(["c1"]).keys() == {"c1"}


def test_an_article_may_be_retired_from_the_start_and_come_back(store):
    store.knowledge.publish([article("old", retired=True)], [], [], generation(1, 0))
    assert store.knowledge.current_articles() == []

    store.knowledge.publish([article("old", 2)], [], [snippet("o1", "old", 2)], generation(2, 1))

    assert [one.version for one in store.knowledge.current_articles()] == [2]
    assert store.knowledge.is_current(["o1"])


def test_the_pointer_moves_and_old_generations_can_be_forgotten(store, watch):
    for number in (1, 2, 3):
        store.knowledge.publish([], [], [], generation(number))
        watch.advance(60)

    assert store.knowledge.pointer("minilm@abc") == generation(3)
    assert store.knowledge.old_generations() == [generation(2), generation(1)]
    store.knowledge.forget_generation("gen-1")
    store.knowledge.forget_generation("gen-3")
    assert store.knowledge.pointer("minilm@abc") == generation(3)
    assert store.knowledge.old_generations() == [generation(2)]


def test_each_embedder_has_its_own_pointer_and_a_publication_leaves_no_other(store):
    store.knowledge.publish([], [], [], generation(1), generation(2, made_by="trained@1"))
    assert store.knowledge.pointers() == [generation(1), generation(2, made_by="trained@1")]
    assert store.knowledge.old_generations() == []

    store.knowledge.publish([], [], [], generation(3))

    assert store.knowledge.pointers() == [generation(3)]
    assert store.knowledge.pointer("trained@1") is None
    assert {one.id for one in store.knowledge.old_generations()} == {"gen-1", "gen-2"}


def test_an_index_can_be_published_beside_the_others_and_withdrawn(store):
    publish_first(store)

    store.knowledge.publish_index(generation(2, 3, "trained@1"))

    assert store.knowledge.pointers() == [generation(1, 3), generation(2, 3, "trained@1")]
    store.knowledge.withdraw_index("trained@1")
    store.knowledge.withdraw_index("never@0")
    assert store.knowledge.pointers() == [generation(1, 3)]
    assert store.knowledge.old_generations() == [generation(2, 3, "trained@1")]
    assert [one.id for one in store.knowledge.current_snippets()] == ["c1", "c2", "r1"]


def test_a_failed_publication_changes_nothing(store):
    publish_first(store)
    broken = Snippet("c9", "cancel", 2, None, "Top", None, "A snippet without a title")  # type: ignore[arg-type]

    with pytest.raises(IntegrityError, match="title"):
        store.knowledge.publish([article("cancel", 2)], ["refund"], [broken], generation(2))

    assert store.knowledge.pointer("minilm@abc") == generation(1, 3)
    assert store.knowledge.article("cancel").version == 1
    assert not store.knowledge.article("refund").retired


def test_two_thousand_snippets_are_no_more_than_a_statement_can_carry(store):
    ids = [f"s{number:04}" for number in range(2000)]
    store.knowledge.publish([article("big")], [], [snippet(one, "big") for one in ids], generation(1, 2000))

    assert store.knowledge.is_current(ids)
    assert len(store.knowledge.snippets(ids)) == 2000
    assert [one.id for one in store.knowledge.current_snippets()] == ids
