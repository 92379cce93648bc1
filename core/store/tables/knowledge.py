"""Tables of articles, their snippets, and the generations of the vector index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


class ArticleRow(Table, table=True):
    """One version of an article. `current` marks the newest; it may be retired."""

    __tablename__ = "articles"
    __table_args__ = (Index(None, "current", "retired"),)

    id: str = text_column(primary_key=True)
    version: int = Field(primary_key=True)
    title: str = text_column()
    url: str | None = text_column(default=None)
    text: str = text_column()
    content_hash: str = text_column()
    source: str = text_column()
    retired: bool = False
    current: bool = True
    attributes: dict[str, Any] = json_column(default_factory=dict)
    added_at: datetime = moment_column()


class SnippetRow(Table, table=True):
    """One snippet, for good: old suggestions cite it. It is current while its article is at its version."""

    __tablename__ = "snippets"
    __table_args__ = (Index(None, "article_id", "article_version"),)

    id: str = text_column(primary_key=True)
    article_id: str = text_column()
    article_version: int
    position: int
    title: str = text_column()
    section: str = text_column()
    url: str | None = text_column(default=None)
    text: str = text_column()


class IndexGenerationRow(Table, table=True):
    """One published generation of the vector index."""

    __tablename__ = "index_generations"

    id: str = text_column(primary_key=True)
    retriever_version: str = text_column()
    location: str = text_column()
    snippet_count: int
    published_at: datetime = moment_column()


class IndexPointerRow(Table, table=True):
    """Which generation of an embedder version is live; query encoder and collection switch together."""

    __tablename__ = "index_pointers"

    retriever_version: str = text_column(primary_key=True)
    generation_id: str = text_column(foreign_key="index_generations.id")
