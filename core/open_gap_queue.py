"""The gap queue that the settings describe, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from core.bootstrap import make_champion, open_store
from core.clock import utc_now
from core.gap_queue import GapQueue
from core.knowledge_base import make_embedder
from core.publishing import make_gap_queue
from core.settings import Settings


@contextmanager
def open_gap_queue(settings: Settings) -> Iterator[GapQueue]:
    """Loads a model when it is first needed. Raises as `open_store` does."""
    with open_store(settings) as store:
        embedder = make_embedder(settings)
        champion = cache(lambda: make_champion(settings, store, utc_now, embedder))
        yield make_gap_queue(settings, store, utc_now, embedder, champion)
