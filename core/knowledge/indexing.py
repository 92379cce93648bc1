"""Building index generations: complete, checked, and beside what is live; nothing that is live is ever written to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import IndexBroken
from core.ids import new_id
from core.knowledge.chunking import embedding_text
from core.knowledge.generation import IndexGeneration, KnowledgePublisher
from core.ports import Embedder, Progress, VectorIndex
from core.values import Snippet

Turn = Callable[[], AbstractContextManager[object]]
"""Lets one change of the knowledge base run at a time: the others wait for theirs."""

_BATCH = 64  # texts embedded between two steps of the progress bar
_PORTION = 1024  # snippets sorted by length: a batch of like lengths computes little padding
_PROBES = 8
_SAME = 0.999  # cosine of a stored vector to itself, rounding allowed


class IndexShelf(Protocol):
    """Where index generations are made, opened and removed."""

    def location(self, generation_id: str, retriever_version: str) -> str: ...

    def create(self, location: str) -> VectorIndex: ...

    def open(self, location: str) -> VectorIndex: ...

    def delete(self, location: str) -> None: ...

    def leftovers(self, known: set[str]) -> list[str]:
        """Locations that no record knows."""
        ...


@dataclass(frozen=True)
class Indexer:
    """Builds the generations of embedders. Call it only in one's turn, so that the snippets stay what they are."""

    knowledge: KnowledgePublisher
    indexes: IndexShelf
    progress: Progress = lambda done, total: None

    def is_sound(self, embedder: Embedder) -> bool:
        """True where this embedder's live index is there and whole."""
        live = self.knowledge.pointer(embedder.version)
        if live is None:
            return False
        try:
            return self.indexes.open(live.location).count() == live.snippet_count
        except IndexBroken:
            return False

    def build(
        self, embedders: Sequence[Embedder], before: Sequence[Snippet], now: Sequence[Snippet]
    ) -> list[IndexGeneration]:
        """For each a complete index of the snippets `now`, checked, not live yet.

        `before`: those that the live generations hold; vectors of what has not changed are copied.
        """
        known = [self._reusable(embedder, before, now) for embedder in embedders]
        total, done = sum(len(now) - len(some) for some in known), 0
        self.progress(0, total)
        made: list[IndexGeneration] = []
        for embedder, some in zip(embedders, known, strict=True):
            version, generation_id = embedder.version, new_id("gen")
            location = self.indexes.location(generation_id, version)
            index = self.indexes.create(location)
            if some:
                index.add(list(some), np.stack(list(some.values())))
            done = self._add(index, embedder, [one for one in now if one.id not in some], done, total)
            _check(index, now)
            made.append(IndexGeneration(generation_id, version, location, len(now)))
        return made

    def remove_leftovers(self) -> None:
        """What a killed ingest left behind: no record knows it."""
        known = {one.location for one in (*self.knowledge.old_generations(), *self.knowledge.pointers())}
        for location in self.indexes.leftovers(known):
            self.indexes.delete(location)

    def remove_old(self, but: Sequence[IndexGeneration]) -> None:
        """Delete the generations that are not live any more, except those."""
        kept = {one.id for one in but}
        for old in self.knowledge.old_generations():
            if old.id not in kept:
                self.indexes.delete(old.location)
                self.knowledge.forget_generation(old.id)

    def _add(self, index: VectorIndex, embedder: Embedder, snippets: Sequence[Snippet], done: int, total: int) -> int:
        for start in range(0, len(snippets), _PORTION):
            portion = snippets[start : start + _PORTION]
            index.add([one.id for one in portion], self._embedded(embedder, portion, done + start, total))
        return done + len(snippets)

    def _embedded(self, embedder: Embedder, snippets: Sequence[Snippet], done: int, total: int) -> NDArray[np.float32]:
        """One vector each, in their order; texts of about the same length go through the model together."""
        texts = [embedding_text(one) for one in snippets]
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), embedder.dim), dtype=np.float32)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            vectors[places] = embedder.embed([texts[place] for place in places])
            self.progress(done + start + len(places), total)
        return vectors

    def _reusable(
        self, embedder: Embedder, before: Sequence[Snippet], now: Sequence[Snippet]
    ) -> dict[str, NDArray[np.float32]]:
        """The live index's vectors of snippets whose embedded text is the same as before."""
        live = self.knowledge.pointer(embedder.version)
        if live is None:
            return {}
        texts = {one.id: embedding_text(one) for one in before}
        same = [one.id for one in now if texts.get(one.id) == embedding_text(one)]
        try:
            return self.indexes.open(live.location).vectors(same)
        except IndexBroken:  # then everything is computed anew, which mends it
            return {}


def ensure_generation(
    knowledge: KnowledgePublisher,
    indexes: IndexShelf,
    embedder: Embedder,
    progress: Progress = lambda done, total: None,
) -> None:
    """Give this embedder a live generation over the current snippets where it has none or a broken one.

    Call it only in one's turn. Before the first ingest there is nothing to do. The generations of other embedders
    stay as they are.
    """
    indexer = Indexer(knowledge, indexes, progress)
    if not knowledge.pointers() or indexer.is_sound(embedder):
        return
    snippets = knowledge.current_snippets()
    [generation] = indexer.build([embedder], snippets, snippets)
    knowledge.publish_index(generation)


def remove_unused_generations(knowledge: KnowledgePublisher, indexes: IndexShelf, used: Sequence[str]) -> int:
    """Withdraw the live generations of embedder versions that are not in `used`; tells how many. In one's turn only.

    Those withdrawn earlier are deleted now: whoever still searched in one has had the time since the last call.
    """
    unused = [one for one in knowledge.pointers() if one.retriever_version not in used]
    newest = {one.retriever_version: one for one in reversed(knowledge.old_generations())}
    Indexer(knowledge, indexes).remove_old(but=[one for version, one in newest.items() if version in used])
    for one in unused:
        knowledge.withdraw_index(one.retriever_version)
    return len(unused)


def _check(index: VectorIndex, snippets: Sequence[Snippet]) -> None:
    """Count, and ask for some of the vectors: each must find itself. Raises IndexBroken."""
    held = index.count()
    if held != len(snippets):
        raise IndexBroken(f"The new index holds {held} vectors instead of {len(snippets)}; ingest again.")
    step = max(1, len(snippets) // _PROBES)
    for one_id, vector in index.vectors([one.id for one in snippets[::step]]).items():
        nearest = index.search(vector, 1)
        if not nearest or nearest[0].score < _SAME:
            raise IndexBroken(f"The new index does not find its own vector of snippet {one_id}; ingest again.")
