"""A bundle becomes a working pipeline: its own parts are loaded, everything else is shared with the other bundles.

A part that a bundle has not trained is that of version 0: the settings' embedder, the first stage's order, the
generator's order, the settings' generator.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakValueDictionary

from core.adapters.cross_encoder import CrossEncoderReranker
from core.adapters.sentence_transformers import SentenceTransformerEmbedder
from core.clock import Clock
from core.errors import EmptyKnowledge, ModelUnavailable, UnknownBundle
from core.generators import Generators
from core.knowledge.indexing import ensure_generation
from core.knowledge.turn import knowledge_turn
from core.knowledge_base import make_embedder, make_indexes, make_retriever
from core.ports import Embedder, Progress
from core.registry.bundle import Bundle, Part, PartRef, Registry
from core.response_ranker.lookup import KnowledgeLookup
from core.response_ranker.ranker import load_ranker
from core.retrieval.confidence import Confidence
from core.retrieval.rerank import KeepOrderReranker
from core.retrieval.retriever import ConversationRetriever
from core.settings import Settings
from core.shared_embedder import SharedEmbedder
from core.solved_cases import SolvedCaseMemory
from core.store import Store
from core.suggest import FirstDraftsRanker, Suggester
from core.values import Case, Turn

log = logging.getLogger("aitl.bundles")

_QUERIES_KEPT = 2000  # vectors of a trained retriever: it embeds questions alone, about 3 MB of them


@dataclass(frozen=True)
class Shared:
    """What all bundles of a process answer with, loaded once; and the trained parts that are in use.

    Drafting, solved cases and checker keep the settings' embedder: their constants were fitted on its cosines.
    """

    settings: Settings
    store: Store
    embedder: Embedder
    memory: SolvedCaseMemory
    generators: Generators
    # A part that two bundles have in common is loaded once, and let go with the last bundle that uses it.
    in_use: WeakValueDictionary[tuple[str, str], Any] = field(default_factory=WeakValueDictionary)
    lock: RLock = field(default_factory=RLock)


def make_shared(settings: Settings, store: Store, embedder: Embedder | None = None) -> Shared:
    """Loads no model yet. `embedder`: in place of the settings' own."""
    embedder = embedder or make_embedder(settings)
    return Shared(
        settings=settings,
        store=store,
        embedder=embedder,
        memory=SolvedCaseMemory(store.solved, store.knowledge, embedder),
        generators=Generators(settings, embedder),
    )


def assemble(settings: Settings, store: Store, clock: Clock, bundle: Bundle, shared: Shared) -> Suggester:
    """The pipeline that this bundle is. Models are loaded at their first use, or by `warm`.

    Raises ModelUnavailable where the files of a part are not there.
    """
    return Suggester(
        retriever=_part(shared, bundle, "retriever"),
        reranker=_part(shared, bundle, "reranker"),
        memory=shared.memory,
        generator=_part(shared, bundle, "generator"),
        ranker=_part(shared, bundle, "ranker"),
        embedder=shared.embedder,
        clock=clock,
        version=bundle.version,
        confidence=Confidence.of(bundle.metrics),
    )


def bring_up(settings: Settings, store: Store, clock: Clock, bundle: Bundle, shared: Shared) -> Suggester:
    """The same, ready to answer: its index is built where there is none, its models are loaded, one question tried.

    Takes as long as that takes. Raises whatever keeps it from answering, but that nothing has been ingested yet.
    """
    suggester = assemble(settings, store, clock, bundle, shared)
    ensure_index(settings, store, bundle, shared)
    suggester.warm()
    with suppress(EmptyKnowledge):
        suggester.suggest(_rehearsal(clock), revision=1)
    return suggester


@contextmanager
def indexed(
    settings: Settings, store: Store, bundle: Bundle, shared: Shared, progress: Progress = lambda done, total: None
) -> Iterator[None]:
    """While this is held, the bundle's index is live and no ingest can take it away: flip the aliases inside.

    Builds the index where there is none, which takes as long as embedding every snippet; waits its turn with ingests.
    Before the first ingest there is nothing to build. Raises ModelUnavailable, IndexBroken.
    """
    retriever: ConversationRetriever = _part(shared, bundle, "retriever")
    with knowledge_turn(settings.home):
        ensure_generation(store.knowledge, make_indexes(settings), retriever.embedder, progress)
        yield


def ensure_index(
    settings: Settings, store: Store, bundle: Bundle, shared: Shared, progress: Progress = lambda done, total: None
) -> None:
    """Build the bundle's index where there is none, as `indexed` does. Raises alike."""
    with indexed(settings, store, bundle, shared, progress):
        return


def serving_embedders(registry: Registry, base: Embedder) -> list[Embedder]:
    """Those that need an index: the settings' own first, then of champion, challenger and the champion before.

    A retriever whose files are gone is left out, with a warning: its bundle cannot serve anyhow.
    """
    aliases = registry.aliases()
    found: dict[str, Embedder] = {base.version: base}
    for version in (aliases.champion, aliases.challenger, registry.previous_champion()):
        try:
            ref = registry.bundle(version).parts.get("retriever") if version is not None else None
            if ref is not None:
                embedder = _trained_embedder(registry.folder(ref))
                found.setdefault(embedder.version, embedder)
        except (ModelUnavailable, UnknownBundle) as error:
            log.warning("no index is built for version %s: %s", version, error)
    return list(found.values())


def _rehearsal(clock: Clock) -> Case:
    turns = (Turn("customer", "How do I change my booking?"),)
    return Case("case_rehearsal", "", "", "", "", turns, "open", clock())


def _part(shared: Shared, bundle: Bundle, part: Part) -> Any:
    ref = bundle.parts.get(part)
    key = (part, ref.sha256 if ref else "")
    with shared.lock:
        loaded = shared.in_use.get(key)
        if loaded is None:
            loaded = LOADERS[part](shared, _folder(shared.store.registry, ref)) if ref else DEFAULTS[part](shared)
            shared.in_use[key] = loaded
        return loaded


def _folder(registry: Registry, ref: PartRef) -> Path:
    folder = registry.folder(ref)
    if not folder.is_dir():
        raise ModelUnavailable(f"There are no files at {folder}. Put them back, or make another version champion.")
    return folder


def _trained_embedder(folder: Path) -> Embedder:
    if not folder.is_dir():  # its name would be looked for on the hub
        raise ModelUnavailable(f"There is no retriever at {folder}.")
    return SharedEmbedder(SentenceTransformerEmbedder(folder), kept=_QUERIES_KEPT)


def base_lookup(shared: Shared) -> KnowledgeLookup:
    """Finds by the settings' own embedder, which always has an index; version 0's retriever is not opened twice."""
    with shared.lock:
        retriever = shared.in_use.get(("retriever", ""))
        if retriever is None:
            retriever = shared.in_use["retriever", ""] = _base_retriever(shared)
        return KnowledgeLookup(retriever)


def _base_retriever(shared: Shared) -> ConversationRetriever:
    return make_retriever(shared.settings, shared.store.knowledge, shared.embedder)


def _trained_retriever(shared: Shared, folder: Path) -> ConversationRetriever:
    return make_retriever(shared.settings, shared.store.knowledge, _trained_embedder(folder))


DEFAULTS: Mapping[Part, Callable[[Shared], Any]] = {
    "retriever": _base_retriever,
    "reranker": lambda shared: KeepOrderReranker(),
    "ranker": lambda shared: FirstDraftsRanker(),
    "generator": lambda shared: shared.generators.make(),
}
LOADERS: Mapping[Part, Callable[[Shared, Path], Any]] = {
    "retriever": _trained_retriever,
    "reranker": lambda shared, folder: CrossEncoderReranker(folder),
    "ranker": lambda shared, folder: load_ranker(folder, shared.embedder, base_lookup(shared)),
    "generator": lambda shared, folder: shared.generators.make(folder),
}
"""What is taken where a bundle has no trained part, and what makes a part of its folder: one row per part.

A retriever is a ConversationRetriever, the others what their ports say.
"""
