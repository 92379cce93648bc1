"""The table of causes: why a suggestion came to a bad end, one row for each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column


class CauseRow(Table, table=True):
    """`said_at`: when the newest word was said that makes it a bad outcome; `basis` names all of them."""

    __tablename__ = "causes"
    __table_args__ = (Index(None, "said_at"), Index(None, "computed_at"))

    suggestion_id: str = text_column(primary_key=True, foreign_key="suggestions.id")
    outcome: str = text_column()
    cause: str = text_column()
    evidence: str = text_column()
    topic: str = text_column()
    article_id: str = text_column()
    report_id: str | None = text_column(default=None, foreign_key="annotations.id")
    said_at: datetime = moment_column()
    basis: str = text_column()
    version: int
    computed_at: datetime = moment_column()
