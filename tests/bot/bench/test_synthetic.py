"""Made-up data that behaves like real data."""

from __future__ import annotations

import numpy as np
import pytest

from bot.bench.synthetic_cases import fill_cases
from bot.bench.synthetic_knowledge import publish_synthetic, synthetic_articles, synthetic_questions, synthetic_vectors
from core.adapters.bm25s import Bm25Index
from core.adapters.chroma import EmbeddedChroma
from core.hashed_words import HashedWordsEmbedder
from core.retrieval.retriever import ConversationRetriever


def test_the_same_seed_gives_the_same_snippets_and_no_id_comes_twice():
    articles, snippets = synthetic_articles(25, seed=3)

    assert synthetic_articles(25, seed=3) == (articles, snippets)
    assert len({one.id for one in snippets}) == 25
    assert [one.id for one in articles] == sorted({one.article_id for one in snippets})


def test_snippets_of_one_article_are_nearer_to_each_other_than_to_others():
    vectors = synthetic_vectors(20, 384)

    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert float(vectors[0] @ vectors[1]) > 0.4 > float(vectors[0] @ vectors[19])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_published_can_be_searched_and_published_again(store, tmp_path):
    shelf, embedder = EmbeddedChroma(tmp_path / "index"), HashedWordsEmbedder()
    snippets = publish_synthetic(store, shelf, embedder.version, embedder.dim, 30)
    retriever = ConversationRetriever(store.knowledge, shelf, embedder, Bm25Index)

    found = retriever.search(synthetic_questions(snippets, 1)[0], 5)
    publish_synthetic(store, shelf, embedder.version, embedder.dim, 20, seed=9)

    assert len(found.snippets) == 5
    assert len(retriever.search(synthetic_questions(snippets, 1)[0], 75).snippets) == 20


def test_cases_come_with_all_that_is_kept_of_them(store):
    fill_cases(store, 21, ("hashed@1", 8))

    places = store.solved.arrived(0)
    case = store.cases.recent(1)[0]
    [suggestion] = store.suggestions.of_case(case.id)
    assert (store.cases.count(), store.suggestions.count(), len(places)) == (21, 21, 21)
    assert case.status == "answered"
    assert suggestion.turns[0].text == case.text
    assert store.solved.vectors(places[:1], "hashed@1")[places[0]].shape == (8,)
    assert len(store.solved.standing(places)) == 21
    assert len(store.annotations.standing(suggestion.id)) == 6
    assert len(store.gaps.open()) == 2
    assert store.outbox.pending() == 0
