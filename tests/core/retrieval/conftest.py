"""A live generation of a few snippets, without files and without a model to load."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.adapters.bm25s import Bm25Index
from core.adapters.chroma import EmbeddedChroma
from core.clock import utc_now
from core.hashed_words import HashedWordsEmbedder
from core.knowledge.chunking import embedding_text
from core.knowledge.generation import IndexGeneration
from core.retrieval.retriever import ConversationRetriever
from core.store import Store, make_engine
from core.values import Article, Snippet

Publish = Callable[[dict[str, str]], ConversationRetriever]


@pytest.fixture
def publish(tmp_path: Path, sqlite_template: Path) -> Iterator[Publish]:
    """Given texts by title, a retriever over them; the snippet's id is its title in lower case."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")
    store, indexes, embedder = Store(engine, utc_now), EmbeddedChroma(tmp_path / "index"), HashedWordsEmbedder()

    def publish(texts: dict[str, str]) -> ConversationRetriever:
        articles = [Article(title.lower(), 1, title, None, text, "h", "kb") for title, text in texts.items()]
        snippets = [Snippet(one.id, one.id, 1, one.title, "", None, one.text) for one in articles]
        index = indexes.create("gen_1")
        index.add([one.id for one in snippets], embedder.embed([embedding_text(one) for one in snippets]))
        generation = IndexGeneration("gen_1", embedder.version, "gen_1", len(snippets))
        store.knowledge.publish(articles, [], snippets, generation)
        return ConversationRetriever(store.knowledge, indexes, embedder, Bm25Index)

    yield publish
    engine.dispose()
