"""Articles on their way into the knowledge base that the settings describe: by an ingest, or by the gap queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from core.bundles import serving_embedders
from core.clock import Clock
from core.gap_queue import GapQueue
from core.knowledge.ingest import Ingest, IngestReport
from core.knowledge.turn import knowledge_turn
from core.knowledge_base import make_indexes
from core.ports import Embedder, Progress
from core.settings import Settings
from core.store import Store
from core.suggest import Suggester

ARTICLES_FOLDER = "articles"


def take_in(
    paths: Sequence[Path],
    settings: Settings,
    store: Store,
    embedder: Embedder,
    progress: Progress = lambda done, total: None,
    before_waiting: Callable[[], None] = lambda: None,
) -> IngestReport:
    """Bring the knowledge base up to what stands at these paths, waiting for another ingest of the same home.

    Every embedder that serves gets its index; `embedder` is the settings' own.
    """
    return Ingest(
        knowledge=store.knowledge,
        indexes=make_indexes(settings),
        embedders=lambda: serving_embedders(store.registry, embedder),
        turn=lambda: knowledge_turn(settings.home, before_waiting),
        progress=progress,
    ).run(paths)


def make_gap_queue(
    settings: Settings, store: Store, clock: Clock, embedder: Embedder, champion: Callable[[], Suggester]
) -> GapQueue:
    """Approved articles go the way of an ingest, through AITL_KNOWLEDGE_DIR or else a folder of AITL_HOME."""
    return GapQueue(
        store=store,
        clock=clock,
        embedder=embedder,
        champion=champion,
        publish=lambda file: take_in([file], settings, store, embedder),
        folder=articles_folder(settings),
    )


def articles_folder(settings: Settings) -> Path:
    """Where approved articles are written: absolute."""
    return (settings.knowledge_dir or settings.home / ARTICLES_FOLDER).expanduser().resolve()
