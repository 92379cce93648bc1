"""Tables of training cycles, and of the questions that no new bundle may miss."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


class TrainingCycleRow(Table, table=True):
    """One cycle; its key keeps a second one out."""

    __tablename__ = "training_cycles"
    __table_args__ = (Index(None, "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = text_column(unique=True)
    parts: list[str] = json_column(default_factory=list)
    parent: int
    started_at: datetime = moment_column()
    phase: str = text_column(default="data")
    host: str = text_column()
    pid: int
    seen_at: datetime = moment_column()
    progress: dict[str, Any] = json_column(default_factory=dict)
    outcome: dict[str, Any] = json_column(default_factory=dict)
    finished_at: datetime | None = moment_column(default=None)
    ending: str | None = text_column(default=None)


class FrozenQuestionRow(Table, table=True):
    """A question that a champion answered right: which snippets it may be answered from."""

    __tablename__ = "frozen_questions"

    suggestion_id: str = text_column(primary_key=True, foreign_key="suggestions.id")
    snippet_ids: list[str] = json_column()
    frozen_at: datetime = moment_column()
