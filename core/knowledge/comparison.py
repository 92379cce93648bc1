"""What has changed: the documents that were read against the articles that are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.knowledge.sources import SourcedDocument, file_of
from core.ports import KnowledgeStore
from core.values import Article


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that was skipped, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangedArticle:
    """A new version of an article, and the document it was made from."""

    article: Article
    read: SourcedDocument
    is_new: bool  # no current article had this id
    was_live: bool


@dataclass
class Comparison:
    """The outcome; `vanished` are the ids of current articles whose source is no longer there."""

    changed: list[ChangedArticle] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def compare(
    read: Sequence[SourcedDocument],
    knowledge: KnowledgeStore,
    in_scope: Callable[[str], bool],
    unread: Sequence[Path],
) -> Comparison:
    """`in_scope` tells of a source whether this ingest covers it; files in `unread` keep their articles as they are.

    Two documents with one id: the first stays, the second fails. The same for an id that belongs to a file
    outside this ingest's scope which is still there.
    """
    current = {article.id: article for article in knowledge.current_articles()}
    outcome = Comparison()
    taken: dict[str, SourcedDocument] = {}
    for one in read:
        known = current.get(one.id) or knowledge.article(one.id)
        owner = taken[one.id].source if one.id in taken else _owner_elsewhere(known, one, in_scope)
        if owner is not None:
            reason = f"the id {one.id!r} already belongs to {owner}; give one of them another id"
            outcome.failed.append(Failure(one.source, reason))
            continue
        taken[one.id] = one
        if known is not None and _is_same(known, one):
            outcome.unchanged.append(one.id)
        else:
            outcome.changed.append(_changed(one, known, one.id in current))
    outcome.vanished = [
        article.id
        for article in current.values()
        if article.id not in taken and in_scope(article.source) and file_of(article.source) not in unread
    ]
    return outcome


def _owner_elsewhere(known: Article | None, one: SourcedDocument, in_scope: Callable[[str], bool]) -> str | None:
    if known is None or known.retired or in_scope(known.source):
        return None
    file = file_of(known.source)
    return known.source if file != one.file and file.exists() else None


def _is_same(known: Article, one: SourcedDocument) -> bool:
    retired = one.document.superseded_by is not None
    return (known.content_hash, known.source, known.retired) == (one.document.content_hash, one.source, retired)


def _changed(one: SourcedDocument, known: Article | None, was_live: bool) -> ChangedArticle:
    document = one.document
    article = Article(
        id=one.id,
        version=known.version + 1 if known else 1,
        title=document.title,
        url=document.url,
        text=document.text,
        content_hash=document.content_hash,
        source=one.source,
        retired=document.superseded_by is not None,
        attributes=document.attributes,
    )
    return ChangedArticle(article, one, is_new=known is None, was_live=was_live)
