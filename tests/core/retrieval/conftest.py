"""A live generation of a few snippets, without files and without a model to load."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
from core.store.knowledge import Knowledge
from core.values import Article, Snippet

Publish = Callable[[dict[str, str]], ConversationRetriever]


@dataclass
class Shelf:
    """A knowledge base whose snippets have their title in lower case as id."""

    knowledge: Knowledge
    indexes: EmbeddedChroma
    embedder: HashedWordsEmbedder

    def publish(self, generation_id: str, texts: dict[str, str]) -> None:
        """Given texts by title, makes them the live generation of that id."""
        articles = [Article(title.lower(), 1, title, None, text, "h", "kb") for title, text in texts.items()]
        snippets = [Snippet(one.id, one.id, 1, one.title, "", None, one.text) for one in articles]
        index = self.indexes.create(generation_id)
        index.add([one.id for one in snippets], self.embedder.embed([embedding_text(one) for one in snippets]))
        generation = IndexGeneration(generation_id, self.embedder.version, generation_id, len(snippets))
        gone = {one.id for one in self.knowledge.current_articles()} - {one.id for one in articles}
        self.knowledge.publish(articles, sorted(gone), snippets, generation)


@pytest.fixture
def shelf(tmp_path: Path, sqlite_template: Path) -> Iterator[Shelf]:
    """An empty knowledge base."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")
    yield Shelf(Store(engine, utc_now).knowledge, EmbeddedChroma(tmp_path / "index"), HashedWordsEmbedder())
    engine.dispose()


@pytest.fixture
def publish(shelf: Shelf) -> Publish:
    """Given texts by title, a retriever over them."""

    def publish(texts: dict[str, str]) -> ConversationRetriever:
        shelf.publish("gen_1", texts)
        return ConversationRetriever(shelf.knowledge, shelf.indexes, shelf.embedder, Bm25Index)

    return publish
