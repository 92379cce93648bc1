"""Articles on their way into the knowledge base that the settings describe: by an ingest, or by the gap queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from core.bundles import serving_embedders
from core.clock import Clock
from core.gap_queue import GapQueue
from core.knowledge.ingest import Ingest, IngestReport
from core.knowledge.rehearsal import Rehearsal
from core.knowledge.turn import knowledge_turn
from core.knowledge_base import make_indexes, make_retriever
from core.ports import Embedder, Progress
from core.retrieval.generation import PublishedKnowledge
from core.retrieval.retriever import ConversationRetriever
from core.settings import Settings
from core.store import Store
from core.suggest import Suggester

ARTICLES_FOLDER = "articles"


def make_ingest(
    settings: Settings,
    store: Store,
    embedder: Embedder,
    champion: Callable[[], Suggester],
    progress: Progress = lambda done, total: None,
    asking: Progress = lambda done, total: None,
    before_waiting: Callable[[], None] = lambda: None,
) -> Ingest:
    """One ingest, which waits for another one of the same home, and asks the exam before anything is put in force.

    Every embedder that serves gets its index; `embedder` is the settings' own. `champion`: whose search the exam is
    asked of; called only where there is something to ask. `asking`: how far the exam is.
    """
    serving = cache(lambda: serving_embedders(store.registry, embedder))
    return Ingest(
        knowledge=store.knowledge,
        indexes=make_indexes(settings),
        embedders=serving,
        turn=lambda: knowledge_turn(settings.home, before_waiting),
        progress=progress,
        rehearsal=Rehearsal(store.exam, _champion_over(settings, store, cache(champion), serving), asking),
    )


def make_gap_queue(
    settings: Settings, store: Store, clock: Clock, embedder: Embedder, champion: Callable[[], Suggester]
) -> GapQueue:
    """Approved articles go the way of an ingest, through AITL_KNOWLEDGE_DIR or else a folder of AITL_HOME."""

    def publish(file: Path, *, anyway: bool = False) -> IngestReport:
        searching = champion()  # before our turn: a version that is being loaded may wait for a turn of its own
        return make_ingest(settings, store, embedder, lambda: searching).run([file], anyway=anyway)

    return GapQueue(
        store=store,
        clock=clock,
        embedder=embedder,
        champion=champion,
        publish=publish,
        folder=articles_folder(settings),
    )


def articles_folder(settings: Settings) -> Path:
    """Where approved articles are written: absolute."""
    return (settings.knowledge_dir or settings.home / ARTICLES_FOLDER).expanduser().resolve()


def _champion_over(
    settings: Settings, store: Store, champion: Callable[[], Suggester], serving: Callable[[], Sequence[Embedder]]
) -> Callable[[PublishedKnowledge | None], Suggester]:
    """Makes the champion's search over any knowledge, None for what is live; its models are loaded once."""

    def over(knowledge: PublishedKnowledge | None) -> Suggester:
        made = champion()
        assert isinstance(made.retriever, ConversationRetriever)
        own = made.retriever.embedder
        loaded = next((one for one in serving() if one.version == own.version), own)
        return replace(made, retriever=make_retriever(settings, knowledge or store.knowledge, loaded))

    return over
