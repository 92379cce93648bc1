"""The contract of Embedder, on every implementation."""

from __future__ import annotations

import numpy as np
import pytest

from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.errors import EmptyText
from core.hashed_words import HashedWordsEmbedder
from core.shared_embedder import SharedEmbedder

EMBEDDERS = {
    "hashed words": HashedWordsEmbedder,
    "MiniLM in 32 bits": lambda: SentenceTransformerEmbedder(bfloat16=False),
    "MiniLM in bfloat16": lambda: SentenceTransformerEmbedder(bfloat16=True),
    "MiniLM, shared": lambda: SharedEmbedder(SentenceTransformerEmbedder()),
    "MiniLM, shared, nothing remembered": lambda: SharedEmbedder(SentenceTransformerEmbedder(), kept=0),
}


@pytest.fixture(scope="module", params=list(EMBEDDERS))
def embedder(request):
    return EMBEDDERS[request.param]()


def test_each_text_gets_a_unit_vector_in_its_row(embedder):
    vectors = embedder.embed(["Where is my refund?", "Can I bring a dog?", "Where is my refund?"])

    assert vectors.shape == (3, embedder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert np.allclose(vectors[0], vectors[2], atol=1e-5)
    assert vectors[0] @ vectors[1] < 0.9


def test_no_texts_give_no_rows(embedder):
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_a_blank_text_is_named_by_its_index(embedder):
    with pytest.raises(EmptyText, match="Text 1 is blank"):
        embedder.embed(["words", "  \n"])


def test_texts_about_the_same_are_nearer_than_others(embedder):
    question, same, other = embedder.embed(
        ["When does my refund arrive?", "Refunds arrive within five days.", "Dogs are welcome in the garden."]
    )

    assert question @ same > question @ other + 0.2


def test_tokens_are_counted_without_special_ones(embedder):
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("one two three") == 3


def test_the_version_stays(embedder):
    assert "@" in embedder.version
    assert embedder.version == embedder.version
