"""The identity until a reranker has been trained."""

from __future__ import annotations

from core.retrieval.rerank import KeepOrderReranker
from core.values import RankedSnippet, Snippet


def test_the_first_k_stay_in_their_order_with_ranks_from_one():
    snippets = [
        RankedSnippet(Snippet(name, name, 1, name, "", None, name), rank, score)
        for name, rank, score in [("b", 4, 0.4), ("a", 7, 0.9), ("c", 9, 0.1)]
    ]

    kept = KeepOrderReranker().rerank("query", snippets, 2)

    assert [(one.snippet.id, one.rank, one.score) for one in kept] == [("b", 1, 0.4), ("a", 2, 0.9)]
