"""What serves has its index, and what serves no more is removed: two rounds of the scheduler."""

from __future__ import annotations

from core.bundles import serving_embedders
from core.clock import Clock
from core.knowledge.indexing import ensure_generation, remove_unused_generations
from core.knowledge.turn import knowledge_turn
from core.knowledge_base import make_embedder, make_indexes
from core.registry.bundle import MODELS_FOLDER
from core.registry.cleaning import forget_old_bundles
from core.settings import Settings
from core.store.store import Store


def refresh_indexes(settings: Settings, store: Store) -> bool:
    """Build the index of every trained retriever that serves, or would after a rollback, and has none.

    Whoever promotes builds it first, and an ingest builds all; this mends what was broken since. False, at the cost of
    a few small reads, where nothing trained serves: then there is only the index that ingests make.
    """
    if not _trained_retrievers(store):
        return False
    indexes = make_indexes(settings)
    with knowledge_turn(settings.home):
        for embedder in serving_embedders(store.registry, make_embedder(settings)):
            ensure_generation(store.knowledge, indexes, embedder)
    return True


def clean_up(settings: Settings, store: Store, clock: Clock) -> list[str]:
    """Remove files of versions that serve no more, and their indexes; the names of the folders removed.

    Nothing is removed while a training run is not over: what it has made serves nobody yet.
    """
    if store.cycles.unfinished() is not None or store.retrainings.under_way() is not None:
        return []
    if len(store.knowledge.pointers()) > 1:
        with knowledge_turn(settings.home):
            used = [embedder.version for embedder in serving_embedders(store.registry, make_embedder(settings))]
            remove_unused_generations(store.knowledge, make_indexes(settings), used)
    return forget_old_bundles(store.registry, settings.home / MODELS_FOLDER, clock())


def _trained_retrievers(store: Store) -> list[int]:
    aliases = store.registry.aliases()
    versions = {aliases.champion, aliases.challenger, store.registry.previous_champion()}
    return sorted(
        version for version in versions if version is not None and "retriever" in store.registry.bundle(version).parts
    )
