"""Take files into the knowledge base: read, compare, build a complete index beside the live one, publish.

Nothing that is live is ever written to. A killed ingest leaves an index folder that no record knows; the next ingest
removes it. An ingest that finds nothing changed writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import IndexBroken, UnreadableSource
from core.ids import new_id
from core.knowledge.chunking import embedding_text, snippets_of
from core.knowledge.comparison import ChangedArticle, Comparison, Failure, compare
from core.knowledge.generation import IndexGeneration, KnowledgePublisher
from core.knowledge.sources import SourcedDocument, SourceFile, find_files, is_within
from core.ports import Embedder, Progress, VectorIndex
from core.values import Article, Snippet

_BATCH = 64  # texts embedded between two steps of the progress bar
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


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How many articles were added, updated, unchanged and retired, and which sources were skipped."""

    added: int
    updated: int
    unchanged: int
    retired: int
    failed: tuple[Failure, ...]


@dataclass(frozen=True)
class Ingest:
    """The parts one ingest needs. `turn` lets one ingest run at a time."""

    knowledge: KnowledgePublisher
    indexes: IndexShelf
    embedder: Embedder
    turn: Callable[[], AbstractContextManager[object]]
    progress: Progress = lambda done, total: None

    def run(self, paths: Sequence[Path]) -> IngestReport:
        """Bring the knowledge base up to what stands at these paths.

        Raises ConfigurationError for a path that is not there; a file that cannot be read is in the report.
        """
        files = find_files(paths)
        with self.turn():
            self._remove_leftovers()
            read, failed, unread = _read(files)
            outcome = compare(read, self.knowledge, lambda source: is_within(source, paths), unread)
            made, empty = self._snippets(outcome.changed)
            changed = [one for one in outcome.changed if one.article.id not in empty]
            if changed or outcome.vanished or not self._is_sound():
                self._publish([one.article for one in changed], outcome.vanished, made)
            return _report(outcome, changed, (*failed, *outcome.failed, *empty.values()))

    def _snippets(self, changed: Sequence[ChangedArticle]) -> tuple[list[Snippet], dict[str, Failure]]:
        """The snippets of all live articles among these, and those articles that have none, by id."""
        made: list[Snippet] = []
        empty: dict[str, Failure] = {}
        for one in changed:
            if one.article.retired:
                continue
            snippets = snippets_of(one.article, one.read.document.blocks, self.embedder.count_tokens)
            made.extend(snippets)
            if not snippets:
                empty[one.article.id] = Failure(one.read.source, "it holds no text to answer from")
        return made, empty

    def _is_sound(self) -> bool:
        """True where the live index is there, whole, and made by this embedder; also before the first ingest."""
        live = self.knowledge.pointer()
        if live is None:
            return True
        if live.retriever_version != self.embedder.version:
            return False
        try:
            return self.indexes.open(live.location).count() == live.snippet_count
        except IndexBroken:
            return False

    def _publish(self, articles: Sequence[Article], retired: Sequence[str], made: Sequence[Snippet]) -> None:
        gone = {article.id for article in articles} | set(retired)
        before = self.knowledge.current_snippets()
        snippets = [one for one in before if one.article_id not in gone] + list(made)
        generation = self._build(snippets, self._reusable(before, snippets))
        self.knowledge.publish(articles, retired, made, generation)
        for old in self.knowledge.old_generations()[1:]:  # a reader may still be in the one before
            self.indexes.delete(old.location)
            self.knowledge.forget_generation(old.id)

    def _build(self, snippets: Sequence[Snippet], known: dict[str, NDArray[np.float32]]) -> IndexGeneration:
        """A complete index of these snippets, checked; vectors in `known` are copied, the others computed."""
        version, generation_id = self.embedder.version, new_id("gen")
        location = self.indexes.location(generation_id, version)
        index = self.indexes.create(location)
        if known:
            index.add(list(known), np.stack(list(known.values())))
        new = [one for one in snippets if one.id not in known]
        self.progress(0, len(new))
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            index.add([one.id for one in batch], self.embedder.embed([embedding_text(one) for one in batch]))
            self.progress(start + len(batch), len(new))
        _check(index, snippets)
        return IndexGeneration(generation_id, version, location, len(snippets))

    def _reusable(self, before: Sequence[Snippet], now: Sequence[Snippet]) -> dict[str, NDArray[np.float32]]:
        """The live index's vectors of snippets whose embedded text is the same as before."""
        live = self.knowledge.pointer()
        if live is None or live.retriever_version != self.embedder.version:
            return {}
        texts = {one.id: embedding_text(one) for one in before}
        same = [one.id for one in now if texts.get(one.id) == embedding_text(one)]
        try:
            return self.indexes.open(live.location).vectors(same)
        except IndexBroken:  # then everything is computed anew, which mends it
            return {}

    def _remove_leftovers(self) -> None:
        live = self.knowledge.pointer()
        known = {one.location for one in (*self.knowledge.old_generations(), *([live] if live else []))}
        for location in self.indexes.leftovers(known):
            self.indexes.delete(location)


def _read(files: Sequence[SourceFile]) -> tuple[list[SourcedDocument], list[Failure], list[Path]]:
    """The documents of all readable files; the failures and paths of the others."""
    read: list[SourcedDocument] = []
    failed: list[Failure] = []
    unread: list[Path] = []
    for file in files:
        try:
            read.extend(file.read())
        except UnreadableSource as error:
            failed.append(Failure(str(file.path), error.reason))
            unread.append(file.path)
    return read, failed, unread


def _report(outcome: Comparison, changed: Sequence[ChangedArticle], failed: Sequence[Failure]) -> IngestReport:
    superseded = [one for one in changed if one.article.retired and one.was_live]
    return IngestReport(
        added=sum(one.is_new for one in changed),
        updated=sum(not one.is_new for one in changed) - len(superseded),
        unchanged=len(outcome.unchanged),
        retired=len(outcome.vanished) + len(superseded),
        failed=tuple(failed),
    )


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
