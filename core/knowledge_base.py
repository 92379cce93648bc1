"""The knowledge base that the settings describe: its embedder, its index shelf, its retriever."""

from __future__ import annotations

import hashlib

from core.adapters.bm25s import Bm25Index
from core.adapters.chroma import ChromaServer, EmbeddedChroma
from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.ports import Embedder
from core.retrieval.generation import PublishedKnowledge
from core.retrieval.retriever import ConversationRetriever
from core.settings import Settings
from core.shared_embedder import SharedEmbedder

INDEX_FOLDER = "index"


def make_embedder(settings: Settings) -> Embedder:
    """The model named by AITL_EMBEDDER, or the packaged one; loaded at its first use, shared by all threads."""
    return SharedEmbedder(SentenceTransformerEmbedder(settings.embedder))


def make_indexes(settings: Settings) -> EmbeddedChroma | ChromaServer:
    """Where index generations live: a folder under AITL_HOME, or the server at AITL_CHROMA_URL."""
    if not settings.chroma_url:
        return EmbeddedChroma(settings.home / INDEX_FOLDER)
    owner = hashlib.sha256(settings.database_url.encode()).hexdigest()[:12]
    return ChromaServer(settings.chroma_url, owner)


def make_retriever(settings: Settings, knowledge: PublishedKnowledge, embedder: Embedder) -> ConversationRetriever:
    """The first stage over whatever generation is live. Opens nothing yet."""
    return ConversationRetriever(knowledge, make_indexes(settings), embedder, Bm25Index)
