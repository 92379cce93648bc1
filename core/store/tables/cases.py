"""Tables of cases and the turns of their conversations."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column

# Retention looks for the old among these only.
WITH_WORDS = text("forgotten_at IS NULL")


class CaseRow(Table, table=True):
    """One thread. `answer_key` names the click that answered it, so that only that click can be undone.

    `forgotten_at`: when its words were removed; None again once somebody adds some.
    """

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("team", "channel", "thread_ts"),
        Index(None, "created_at"),
        Index("ix_cases_with_words", "created_at", sqlite_where=WITH_WORDS, postgresql_where=WITH_WORDS),
        Index(None, "team", "channel", "created_at"),
    )

    id: str = text_column(primary_key=True)
    team: str = text_column()
    channel: str = text_column()
    thread_ts: str = text_column()
    author: str = text_column()
    status: str = text_column(default="open")
    answered_by: str | None = text_column(default=None)
    answer_key: str | None = text_column(default=None)
    created_at: datetime = moment_column()
    forgotten_at: datetime | None = moment_column(default=None)


class TurnRow(Table, table=True):
    """One message of a case, redacted; `edited_at` says how new its words are.

    A removed one stays as an empty mark, so that it adds nothing when it comes late.
    """

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("case_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: str = text_column(foreign_key="cases.id")
    key: str = text_column()
    role: str = text_column()
    text: str = text_column()
    at: datetime = moment_column()
    edited_at: datetime | None = moment_column(default=None)
    removed: bool = False
