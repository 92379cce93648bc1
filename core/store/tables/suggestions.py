"""The table of suggestions: what was on the screen, how it came about, and where it was posted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


class SuggestionRow(Table, table=True):
    """One revision. `body` holds the rest, immutable until its words are removed (`forgotten_at`)."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("case_id", "revision"),
        Index(None, "channel", "ts"),
        # For figures of many: SQLite reads through the whole body to find what stands behind it in a row.
        Index(None, "id", "retired"),
        Index(None, "case_id", "revision", "posted_at", "retired"),
    )

    id: str = text_column(primary_key=True)
    case_id: str = text_column(foreign_key="cases.id")
    revision: int
    bundle: str = text_column()
    body: dict[str, Any] = json_column()
    created_at: datetime = moment_column()
    channel: str | None = text_column(default=None)
    ts: str | None = text_column(default=None)
    posted_at: datetime | None = moment_column(default=None)
    retired: str | None = text_column(default=None)
    retired_at: datetime | None = moment_column(default=None)
    forgotten_at: datetime | None = moment_column(default=None)
