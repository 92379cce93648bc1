"""A folder of articles, a store on SQLite, an index folder, and an ingest over them without a model to load."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.adapters.bm25s import Bm25Index
from core.adapters.chroma import EmbeddedChroma
from core.clock import utc_now
from core.hashed_words import HashedWordsEmbedder
from core.knowledge.generation import IndexGeneration
from core.knowledge.ingest import Ingest, IngestReport
from core.ports import Embedder
from core.retrieval.generation import PublishedKnowledge
from core.retrieval.retriever import ConversationRetriever
from core.store import Store, make_engine
from core.values import Turn


class CountingEmbedder(HashedWordsEmbedder):
    """Counts what it is asked to embed."""

    def __init__(self, version: str = "hashed-words@1") -> None:
        self.version = version
        self.embedded: list[str] = []

    def embed(self, texts):
        self.embedded += texts
        return super().embed(texts)


@dataclass
class KnowledgeBase:
    """Everything an ingest touches."""

    folder: Path
    index_folder: Path
    store: Store
    embedder: CountingEmbedder

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def ingest(self, *paths: Path) -> IngestReport:
        """Ingest these paths, or the whole folder."""
        return self.ingest_for([self.embedder], *paths)

    def ingest_for(self, embedders: Sequence[Embedder], *paths: Path) -> IngestReport:
        """The same where several embedders serve."""
        ingest = Ingest(self.store.knowledge, self.indexes, lambda: embedders, contextlib.nullcontext)
        return ingest.run(paths or (self.folder,))

    @property
    def indexes(self) -> EmbeddedChroma:
        return EmbeddedChroma(self.index_folder)

    def live(self) -> IndexGeneration:
        """The live generation of the embedder."""
        live = self.store.knowledge.pointer(self.embedder.version)
        assert live is not None
        return live

    def found(self, question: str, k: int = 3) -> list[str]:
        """The article ids that answer, best first."""
        return [one.snippet.article_id for one in self.retriever().search([Turn("customer", question)], k).snippets]

    def retriever(
        self, embedder: Embedder | None = None, knowledge: PublishedKnowledge | None = None
    ) -> ConversationRetriever:
        """Over these snippets and generations, or what is live."""
        knowledge = knowledge or self.store.knowledge
        return ConversationRetriever(knowledge, self.indexes, embedder or self.embedder, Bm25Index)

    def generations(self) -> list[str]:
        return sorted(path.name for path in self.index_folder.iterdir())


@pytest.fixture
def kb(tmp_path: Path, sqlite_template: Path) -> Iterator[KnowledgeBase]:
    """An empty knowledge base beside a folder with two articles: refunds.md and pets.md."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'aitl.db'}")
    base = KnowledgeBase(tmp_path / "articles", tmp_path / "index", Store(engine, utc_now), CountingEmbedder())
    base.write("refunds.md", "# Refund times\n\nA refund to a card takes five days.")
    base.write("pets.md", "# Pets\n\nDogs are welcome in every garden home.")
    yield base
    engine.dispose()
