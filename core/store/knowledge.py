"""Articles and snippets in SQL, and the pointers to the index generations that find them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.knowledge.generation import IndexGeneration
from core.store.database import Database, changed, chunks, values_of
from core.store.tables import ArticleRow, IndexGenerationRow, IndexPointerRow, SnippetRow, Table
from core.values import Article, Snippet

OF_CURRENT = and_(
    col(ArticleRow.id) == col(SnippetRow.article_id),
    col(ArticleRow.version) == col(SnippetRow.article_version),
    col(ArticleRow.current).is_(True),
    col(ArticleRow.retired).is_(False),
)

_LIVE = select(IndexGenerationRow).join(
    IndexPointerRow, col(IndexPointerRow.generation_id) == col(IndexGenerationRow.id)
)


class Knowledge:
    """The ports KnowledgeStore and KnowledgePublisher. Nothing is ever deleted but records of old generations."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def current_articles(self) -> list[Article]:
        """The newest version of every article that is not retired, by id."""
        rows = (
            select(ArticleRow)
            .where(col(ArticleRow.current).is_(True), col(ArticleRow.retired).is_(False))
            .order_by(col(ArticleRow.id))
        )
        with self._database.reading() as session:
            return [_article(row) for row in session.scalars(rows)]

    def article(self, article_id: str, version: int | None = None) -> Article | None:
        """One version, or the newest, retired or not."""
        which = col(ArticleRow.current).is_(True) if version is None else col(ArticleRow.version) == version
        with self._database.reading() as session:
            row = session.scalars(select(ArticleRow).where(col(ArticleRow.id) == article_id, which)).one_or_none()
            return None if row is None else _article(row)

    def snippets(self, ids: Sequence[str]) -> dict[str, Snippet]:
        """By id, retired ones too."""
        found: dict[str, Snippet] = {}
        with self._database.reading() as session:
            for some in chunks(ids):
                for row in session.scalars(select(SnippetRow).where(col(SnippetRow.id).in_(some))):
                    found[row.id] = _snippet(row)
        return found

    def current_snippets(self) -> list[Snippet]:
        """Those of articles that are not retired, by article and place."""
        rows = (
            select(SnippetRow)
            .join(ArticleRow, OF_CURRENT)
            .order_by(col(SnippetRow.article_id), col(SnippetRow.position), col(SnippetRow.id))
        )
        with self._database.reading() as session:
            return [_snippet(row) for row in session.scalars(rows)]

    def is_current(self, snippet_ids: Sequence[str]) -> bool:
        """True when every one of them belongs to the current version of an article that is not retired."""
        return self.current(snippet_ids) == frozenset(snippet_ids)

    def current(self, snippet_ids: Iterable[str]) -> frozenset[str]:
        """Those of them that belong to the current version of an article that is not retired."""
        wanted = sorted(set(snippet_ids))
        ids = select(col(SnippetRow.id)).join(ArticleRow, OF_CURRENT)
        with self._database.reading() as session:
            portions = [session.scalars(ids.where(col(SnippetRow.id).in_(some))) for some in chunks(wanted)]
            return frozenset(one for portion in portions for one in portion)

    def pointer(self, retriever_version: str) -> IndexGeneration | None:
        """The live generation of this embedder; None where it has none, or before the first ingest."""
        with self._database.reading() as session:
            live = _LIVE.where(col(IndexPointerRow.retriever_version) == retriever_version)
            row = session.scalars(live).one_or_none()
            return None if row is None else _generation(row)

    def pointers(self) -> list[IndexGeneration]:
        """The live generations of all embedders, by embedder version."""
        with self._database.reading() as session:
            return [_generation(row) for row in session.scalars(_LIVE.order_by(col(IndexPointerRow.retriever_version)))]

    def publish(
        self,
        articles: Sequence[Article],
        retired: Sequence[str],
        snippets: Sequence[Snippet],
        *generations: IndexGeneration,
    ) -> None:
        """In one transaction: store these article versions and snippets, retire those articles, flip the pointers.

        A snippet whose id is already there moves to the article version given here, all else of it unchanged.
        From now on these generations are the live ones, and no others.
        """
        with self._database.writing() as session:
            self._store_articles(session, articles)
            self._store_snippets(session, snippets)
            for some in chunks(retired):
                of_these = (col(ArticleRow.id).in_(some), col(ArticleRow.current).is_(True))
                changed(session, update(ArticleRow).where(*of_these).values(retired=True))
            changed(session, delete(IndexPointerRow))
            for generation in generations:
                self._point_to(session, generation)

    def publish_index(self, generation: IndexGeneration) -> None:
        """Make it the live one of its embedder; those of the other embedders stay."""
        with self._database.writing() as session:
            self._point_to(session, generation)

    def withdraw_index(self, retriever_version: str) -> None:
        """This embedder has no live generation any more."""
        with self._database.writing() as session:
            of_this = col(IndexPointerRow.retriever_version) == retriever_version
            changed(session, delete(IndexPointerRow).where(of_this))

    def old_generations(self) -> list[IndexGeneration]:
        """Those that were live before, newest first."""
        rows = (
            select(IndexGenerationRow)
            .where(col(IndexGenerationRow.id).not_in(select(col(IndexPointerRow.generation_id))))
            .order_by(col(IndexGenerationRow.published_at).desc(), col(IndexGenerationRow.id))
        )
        with self._database.reading() as session:
            return [_generation(row) for row in session.scalars(rows)]

    def forget_generation(self, generation_id: str) -> None:
        """Drops the record of an old generation. The live one stays, whatever is asked."""
        with self._database.writing() as session:
            live = select(col(IndexPointerRow.generation_id))
            of_this = (col(IndexGenerationRow.id) == generation_id, col(IndexGenerationRow.id).not_in(live))
            changed(session, delete(IndexGenerationRow).where(*of_this))

    def _store_articles(self, session: Session, articles: Sequence[Article]) -> None:
        if not articles:
            return
        table = Table.metadata.tables[str(ArticleRow.__tablename__)]
        older = update(table).where(table.c.id == bindparam("of"), table.c.version != bindparam("but"))
        insert = self._database.insert(ArticleRow).on_conflict_do_nothing()
        connection = session.connection()  # many rows per statement: a publication holds the write lock
        connection.execute(older.values(current=False), [{"of": one.id, "but": one.version} for one in articles])
        connection.execute(insert, [self._article_values(one) for one in articles])

    def _article_values(self, article: Article) -> Mapping[str, Any]:
        return values_of(
            ArticleRow(
                id=article.id,
                version=article.version,
                title=article.title,
                url=article.url,
                text=article.text,
                content_hash=article.content_hash,
                source=article.source,
                retired=article.retired,
                attributes=dict(article.attributes),
                added_at=self._clock(),
            )
        )

    def _store_snippets(self, session: Session, snippets: Sequence[Snippet]) -> None:
        if not snippets:
            return
        insert = self._database.insert(SnippetRow)
        moved = {name: insert.excluded[name] for name in ("article_version", "position", "title", "url")}
        upsert = insert.on_conflict_do_update(index_elements=["id"], set_=moved)
        session.connection().execute(upsert, list(_placed(snippets)))

    def _point_to(self, session: Session, generation: IndexGeneration) -> None:
        row = IndexGenerationRow(
            id=generation.id,
            retriever_version=generation.retriever_version,
            location=generation.location,
            snippet_count=generation.snippet_count,
            published_at=self._clock(),
        )
        self._database.insert_new(session, row)
        flipped = {"generation_id": generation.id}
        pointer = self._database.insert(IndexPointerRow).values(
            retriever_version=generation.retriever_version, **flipped
        )
        session.execute(pointer.on_conflict_do_update(index_elements=["retriever_version"], set_=flipped))


def _placed(snippets: Sequence[Snippet]) -> Iterator[Mapping[str, Any]]:
    """The columns of each, with its place among those of its article version."""
    places: dict[tuple[str, int], int] = {}
    for snippet in snippets:
        article = (snippet.article_id, snippet.article_version)
        places[article] = places.get(article, -1) + 1
        yield {**asdict(snippet), "position": places[article]}


def _article(row: ArticleRow) -> Article:
    return Article(
        id=row.id,
        version=row.version,
        title=row.title,
        url=row.url,
        text=row.text,
        content_hash=row.content_hash,
        source=row.source,
        retired=row.retired,
        attributes=dict(row.attributes),
    )


def _snippet(row: SnippetRow) -> Snippet:
    return Snippet(row.id, row.article_id, row.article_version, row.title, row.section, row.url, row.text)


def _generation(row: IndexGenerationRow) -> IndexGeneration:
    return IndexGeneration(row.id, row.retriever_version, row.location, row.snippet_count)
