"""The second stage until one has been trained: keep the first stage's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from core.values import RankedSnippet


class KeepOrderReranker:
    """The identity: the first k as they came."""

    version = "keep-order"

    def rerank(self, query: str, snippets: Sequence[RankedSnippet], k: int) -> list[RankedSnippet]:
        """The k best of those, best first, ranks counted anew from 1."""
        return [replace(one, rank=rank) for rank, one in enumerate(snippets[:k], 1)]
