"""Take files into the knowledge base: read, compare, build complete indexes beside the live ones, ask, publish.

Nothing that is live is ever written to. A killed ingest leaves an index folder that no record knows; the next ingest
removes it. An ingest that finds nothing changed writes nothing. One that would lose an article which a question of
its exam finds now writes nothing either, unless it is meant (`core/knowledge/rehearsal.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.errors import ExamNotPassed, UnreadableSource
from core.knowledge.chunking import snippets_of
from core.knowledge.comparison import ChangedArticle, Comparison, Failure, compare
from core.knowledge.generation import KnowledgePublisher
from core.knowledge.indexing import Indexer, IndexShelf, Turn
from core.knowledge.rehearsal import ProposedKnowledge, Rehearsal, Rehearsed
from core.knowledge.sources import SourcedDocument, SourceFile, find_files, is_within
from core.ports import Embedder, Progress
from core.values import Article, LostQuestion, Snippet


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How many articles were added, updated, unchanged and retired, and which sources were skipped.

    `lost`: exam questions that do not find their articles any more, or would not, where nothing was changed. `left`: by
    retired article, how many exam questions went with it.
    """

    added: int
    updated: int
    unchanged: int
    retired: int
    failed: tuple[Failure, ...]
    lost: tuple[LostQuestion, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Ingest:
    """The parts one ingest needs.

    `embedders`: those that get an index, asked for once it is this ingest's turn; the first counts the tokens of
    snippets. `rehearsal`: asks the exam before anything is put in force; None asks nothing.
    """

    knowledge: KnowledgePublisher
    indexes: IndexShelf
    embedders: Callable[[], Sequence[Embedder]]
    turn: Turn
    progress: Progress = lambda done, total: None
    rehearsal: Rehearsal | None = None

    def run(self, paths: Sequence[Path], *, anyway: bool = False) -> IngestReport:
        """Bring the knowledge base up to what stands at these paths; with `anyway` also where the exam speaks against.

        Raises ConfigurationError for a path that is not there, ExamNotPassed where an article would be lost; a file
        that cannot be read is in the report.
        """
        files = find_files(paths)
        with self.turn():
            self._indexer.remove_leftovers()
            embedders = self.embedders()
            read, failed, unread = _read(files)
            outcome = compare(read, self.knowledge, lambda source: is_within(source, paths), unread)
            made, empty = self._snippets(outcome.changed, embedders[0])
            changed = [one for one in outcome.changed if one.article.id not in empty]
            rehearsed = Rehearsed()
            if changed or outcome.vanished or not self._is_sound(embedders):
                rehearsed = self._publish(embedders, [one.article for one in changed], outcome.vanished, made, anyway)
            return _report(outcome, changed, (*failed, *outcome.failed, *empty.values()), rehearsed)

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
        anyway: bool,
    ) -> Rehearsed:
        gone = {article.id for article in articles} | set(retired)
        before = self.knowledge.current_snippets()
        live = self.knowledge.pointers()
        snippets = [one for one in before if one.article_id not in gone] + list(made)
        generations = self._indexer.build(embedders, before, snippets)
        heirs = {one.id: one.superseded_by for one in articles if one.retired and one.superseded_by}
        rehearsed = Rehearsed()
        if self.rehearsal is not None and gone:
            in_order = sorted(snippets, key=lambda one: one.article_id)  # of equally good ones the first is shown
            rehearsed = self.rehearsal.rehearse(ProposedKnowledge(tuple(in_order), tuple(generations), heirs))
        if rehearsed.lost and not anyway:
            for one in generations:
                self.indexes.delete(one.location)
            raise ExamNotPassed(rehearsed.lost)
        self.knowledge.publish(articles, retired, made, *generations)
        self._indexer.remove_old(but=live)  # a reader may still be in what was live until now
        if self.rehearsal is not None:
            self.rehearsal.keep(rehearsed)
        return rehearsed

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


def _report(
    outcome: Comparison, changed: Sequence[ChangedArticle], failed: Sequence[Failure], rehearsed: Rehearsed
) -> IngestReport:
    superseded = [one for one in changed if one.article.retired and one.was_live]
    return IngestReport(
        added=sum(one.is_new for one in changed),
        updated=sum(not one.is_new for one in changed) - len(superseded),
        unchanged=len(outcome.unchanged),
        retired=len(outcome.vanished) + len(superseded),
        failed=tuple(failed),
        lost=rehearsed.lost,
        left=dict(Counter(one.article_id for one in rehearsed.left)),
    )
