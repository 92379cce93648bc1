"""What retrieval is compared with: MiniLM on the last turns, BM25, and two common ways of adding them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.adapters.bm25s import Bm25Index
from core.knowledge.chunking import embedding_text
from core.ports import Embedder, KnowledgeStore, VectorIndex
from core.values import SNIPPETS_RETRIEVED, Turn

_WORD = re.compile(r"\w+")
_TURNS = 3
_RRF_K = 60  # the constant of Cormack et al. 2009
_DENSE_SHARE = 0.7


class Baselines:
    """Ranks all snippets of a generation by exact search. The query is the last turn and the last three turns."""

    def __init__(self, knowledge: KnowledgeStore, index: VectorIndex, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, NDArray[np.float32]] = {}  # of queries: several methods ask for the same
        snippets = knowledge.current_snippets()
        self._ids = [one.article_id for one in snippets]
        vectors = index.vectors([one.id for one in snippets])
        self._matrix = np.stack([vectors[one.id] for one in snippets])  # (snippets, dim)
        self._bm25 = Bm25Index([_words(embedding_text(one)) for one in snippets])

    def methods(self) -> Mapping[str, Callable[[Sequence[Turn]], list[str]]]:
        """By name, each a function from turns to the ids of the first 75."""
        return {
            "plain MiniLM": lambda turns: self._first(self._dense(turns)),
            "BM25": lambda turns: self._first(self._lexical(turns)),
            "MiniLM + BM25, reciprocal ranks": lambda turns: self._first(self._reciprocal(turns)),
            "MiniLM + BM25, weighted .7/.3": lambda turns: self._first(self._weighted(turns)),
        }

    def _dense(self, turns: Sequence[Turn]) -> NDArray[np.float64]:
        query = _query(turns)
        if query not in self._vectors:
            self._vectors[query] = self._embedder.embed([query])[0]
        return np.asarray(self._matrix @ self._vectors[query], dtype=np.float64)

    def _lexical(self, turns: Sequence[Turn]) -> NDArray[np.float64]:
        return self._bm25.scores(_words(_query(turns))).astype(np.float64)

    def _reciprocal(self, turns: Sequence[Turn]) -> NDArray[np.float64]:
        ranks = [np.argsort(np.argsort(-scores, kind="stable")) + 1 for scores in self._both(turns)]
        return np.asarray(sum(1 / (_RRF_K + rank) for rank in ranks), dtype=np.float64)

    def _weighted(self, turns: Sequence[Turn]) -> NDArray[np.float64]:
        dense, lexical = (_scaled(scores) for scores in self._both(turns))
        return _DENSE_SHARE * dense + (1 - _DENSE_SHARE) * lexical

    def _both(self, turns: Sequence[Turn]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return self._dense(turns), self._lexical(turns)

    def _first(self, scores: NDArray[np.float64]) -> list[str]:
        order = np.argsort(-scores, kind="stable")[:SNIPPETS_RETRIEVED]
        return [self._ids[int(place)] for place in order]


def _query(turns: Sequence[Turn]) -> str:
    return " ".join(turn.text for turn in (turns[-1], *turns[-_TURNS:]))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _scaled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """To [0, 1] by the lowest and the highest."""
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
