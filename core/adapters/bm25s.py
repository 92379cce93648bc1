"""BM25 by bm25s: an in-memory lexical index over lists of words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Bm25Index:
    """Scores every document for a list of words. Never changes once made; safe from several threads."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        """`documents`: the words of each document, in any form, as long as queries come in the same."""
        import bm25s

        self._count = len(documents)
        self._bm25 = bm25s.BM25() if any(documents) else None
        if self._bm25 is not None:
            self._bm25.index([list(document) for document in documents], show_progress=False)

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One BM25 score per document, at least 0; all 0 where no word is known. Shape (documents,)."""
        known = [word for word in words if self._bm25 is not None and word in self._bm25.vocab_dict]
        if self._bm25 is None or not known:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)
