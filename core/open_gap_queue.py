"""The gap queue that the settings describe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from core.bootstrap import make_champion, open_store
from core.clock import Clock, utc_now
from core.gap_queue import GapQueue
from core.ingest_command import ingest_paths
from core.knowledge_base import make_embedder
from core.ports import Embedder
from core.settings import Settings
from core.store import Store
from core.suggest import Suggester

ARTICLES_FOLDER = "articles"


def make_gap_queue(
    settings: Settings, store: Store, clock: Clock, embedder: Embedder, champion: Callable[[], Suggester]
) -> GapQueue:
    """Approved articles go the way of an ingest, through AITL_KNOWLEDGE_DIR or else a folder of AITL_HOME."""
    return GapQueue(
        store=store,
        clock=clock,
        embedder=embedder,
        champion=champion,
        publish=lambda file, *, anyway=False: ingest_paths([file], settings, store, embedder, anyway=anyway),
        folder=articles_folder(settings),
    )


def articles_folder(settings: Settings) -> Path:
    """Where approved articles are written: absolute."""
    return (settings.knowledge_dir or settings.home / ARTICLES_FOLDER).expanduser().resolve()


@contextmanager
def open_gap_queue(settings: Settings) -> Iterator[GapQueue]:
    """For the terminal. Loads a model when it is first needed. Raises as `open_store` does."""
    with open_store(settings) as store:
        embedder = make_embedder(settings)
        champion = cache(lambda: make_champion(settings, store, utc_now, embedder))
        yield make_gap_queue(settings, store, utc_now, embedder, champion)
