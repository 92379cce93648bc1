"""Several generators draft at the same time: what they ask one language model for goes through it in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from core.ports import DraftRequest, Generator
from core.values import Draft


def drafted_together(asked: Sequence[tuple[Generator, DraftRequest]]) -> list[list[Draft]]:
    """What each generator drafts for its request, in order. Raises what the first of them that fails does."""
    with ThreadPoolExecutor(max(1, len(asked))) as threads:
        return list(threads.map(lambda one: one[0].draft(one[1]), asked))
