"""A gap queue without models: what is missing is compared by words, and published into a real index."""

from __future__ import annotations

from functools import cache

from core.bootstrap import make_champion
from core.clock import Clock
from core.gap_queue import GapQueue
from core.hashed_words import HashedWordsEmbedder
from core.publishing import make_gap_queue
from core.settings import Settings
from core.store import Store


def small_gap_queue(settings: Settings, store: Store, clock: Clock) -> GapQueue:
    """Its champion is version 0 over whatever was published."""
    embedder = HashedWordsEmbedder()
    return make_gap_queue(
        settings, store, clock, embedder, cache(lambda: make_champion(settings, store, clock, embedder))
    )
