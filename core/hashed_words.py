"""A small working embedder without a model: texts that share rare-looking words are near each other.

For tests and for trying things where loading MiniLM is not worth the wait. It knows no synonyms.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.errors import EmptyText
from core.words import content_words, stem, words

_DIM = 256


class HashedWordsEmbedder:
    """Each stem has a fixed random direction, drawn from its hash; a text is the sum of its stems' directions."""

    version = "hashed-words@1"
    dim = _DIM

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector per text: shape (len(texts), 256), row i for texts[i]; [] gives (0, 256).

        Raises EmptyText, naming the index, if a text is blank.
        """
        matrix = np.zeros((len(texts), _DIM), dtype=np.float32)
        for row, text in enumerate(texts):
            if not text.strip():
                raise EmptyText(row)
            # a text of function words or signs alone still needs a direction
            for word in content_words(text) or words(text) or [text]:
                matrix[row] += _direction(stem(word))
        return matrix / np.linalg.norm(matrix, axis=1, keepdims=True) if len(texts) else matrix

    def count_tokens(self, text: str) -> int:
        """How many words and numbers it has."""
        return len(words(text))


@lru_cache(maxsize=50_000)
def _direction(term: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(_DIM).astype(np.float32)
