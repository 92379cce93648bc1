"""Take files into the knowledge base: read, compare, build complete indexes beside the live ones, publish.

Nothing that is live is ever written to. A killed ingest leaves an index folder that no record knows; the next ingest
removes it. An ingest that finds nothing changed writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import UnreadableSource
from core.knowledge.chunking import snippets_of
from core.knowledge.comparison import ChangedArticle, Comparison, Failure, compare
from core.knowledge.generation import KnowledgePublisher
from core.knowledge.indexing import Indexer, IndexShelf, Turn
from core.knowledge.sources import SourcedDocument, SourceFile, find_files, is_within
from core.ports import Embedder, Progress
from core.values import Article, Snippet


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
    """The parts one ingest needs.

    `embedders`: those that get an index, asked for once it is this ingest's turn; the first counts the tokens of
    snippets.
    """

    knowledge: KnowledgePublisher
    indexes: IndexShelf
    embedders: Callable[[], Sequence[Embedder]]
    turn: Turn
    progress: Progress = lambda done, total: None

    def run(self, paths: Sequence[Path]) -> IngestReport:
        """Bring the knowledge base up to what stands at these paths.

        Raises ConfigurationError for a path that is not there; a file that cannot be read is in the report.
        """
        files = find_files(paths)
        with self.turn():
            self._indexer.remove_leftovers()
            embedders = self.embedders()
            read, failed, unread = _read(files)
            outcome = compare(read, self.knowledge, lambda source: is_within(source, paths), unread)
            made, empty = self._snippets(outcome.changed, embedders[0])
            changed = [one for one in outcome.changed if one.article.id not in empty]
            if changed or outcome.vanished or not self._is_sound(embedders):
                self._publish(embedders, [one.article for one in changed], outcome.vanished, made)
            return _report(outcome, changed, (*failed, *outcome.failed, *empty.values()))

    def _is_sound(self, embedders: Sequence[Embedder]) -> bool:
        """True where each has its whole index; also before the first ingest."""
        return not self.knowledge.pointers() or all(self._indexer.is_sound(one) for one in embedders)

    def _snippets(
        self, changed: Sequence[ChangedArticle], counting: Embedder
    ) -> tuple[list[Snippet], dict[str, Failure]]:
        """The snippets of all live articles among these, and those articles that have none, by id."""
        made: list[Snippet] = []
        empty: dict[str, Failure] = {}
        for one in changed:
            if one.article.retired:
                continue
            snippets = snippets_of(one.article, one.read.document.blocks, counting.count_tokens)
            made.extend(snippets)
            if not snippets:
                empty[one.article.id] = Failure(one.read.source, "it holds no text to answer from")
        return made, empty

    def _publish(
        self,
        embedders: Sequence[Embedder],
        articles: Sequence[Article],
        retired: Sequence[str],
        made: Sequence[Snippet],
    ) -> None:
        gone = {article.id for article in articles} | set(retired)
        before = self.knowledge.current_snippets()
        live = self.knowledge.pointers()
        snippets = [one for one in before if one.article_id not in gone] + list(made)
        self.knowledge.publish(articles, retired, made, *self._indexer.build(embedders, before, snippets))
        self._indexer.remove_old(but=live)  # a reader may still be in what was live until now

    @property
    def _indexer(self) -> Indexer:
        return Indexer(self.knowledge, self.indexes, self.progress)


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
