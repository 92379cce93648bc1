"""Tables of annotations (append-only) and of what took some of them back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, false, text
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column

# Few of all annotations: those made by a reaction, and reports of missing knowledge.
GROUPED = text("\"group\" <> ''")
STANDING_GAP = text("kind = 'gap' AND NOT superseded AND NOT withdrawn")


class AnnotationRow(Table, table=True):
    """One click. `topic` says what it is a choice about: a later choice on the same topic replaces it.

    `details` holds the fields of its kind; the others are what every kind has.
    """

    __tablename__ = "annotations"
    __table_args__ = (
        Index(None, "suggestion_id", "agent_id", "topic"),
        Index(None, "case_id"),
        Index(None, "kind", "created_at", "id"),
        Index("ix_annotations_grouped", "group", sqlite_where=GROUPED, postgresql_where=GROUPED),
        Index("ix_annotations_gaps", "created_at", "id", sqlite_where=STANDING_GAP, postgresql_where=STANDING_GAP),
        Index(None, "agent_id", "kind", "created_at"),
    )

    id: str = text_column(primary_key=True)
    key: str = text_column(unique=True)
    kind: str = text_column()
    topic: str = text_column()
    group: str = text_column(default="")
    case_id: str = text_column(foreign_key="cases.id")
    suggestion_id: str | None = text_column(default=None, foreign_key="suggestions.id")
    agent_id: str = text_column()
    created_at: datetime = moment_column()
    latency_s: float | None = None
    source: str = text_column()
    judge: str = text_column(default="pending")
    weight: float = 1.0
    superseded: bool = False
    withdrawn: bool = False
    forgotten: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    details: dict[str, Any] = json_column(default_factory=dict)


class WithdrawalRow(Table, table=True):
    """Something that takes annotations back, also those that arrive after it but were made before it.

    `scope` says which: one click, all clicks of a group, or an agent's choices on one topic.
    """

    __tablename__ = "annotation_withdrawals"
    __table_args__ = (Index(None, "scope"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = text_column(unique=True)
    scope: str = text_column()
    at: datetime = moment_column()
