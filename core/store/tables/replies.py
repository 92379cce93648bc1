"""Tables of replies on their way to the customer, and of those held back because somebody was first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column

# What still holds words as they were written: few rows, looked for by age.
UNPOSTED = text("state = 'pending'")
UNTAKEN = text("taken_at IS NULL")


class ReplyRow(Table, table=True):
    """One reply. `text` is as written until it has been posted or undone, redacted from then on."""

    __tablename__ = "replies"
    __table_args__ = (
        Index(None, "case_id"),
        Index(None, "channel", "ts"),
        Index("ix_replies_unposted", "created_at", sqlite_where=UNPOSTED, postgresql_where=UNPOSTED),
    )

    id: str = text_column(primary_key=True)
    case_id: str = text_column(foreign_key="cases.id")
    suggestion_id: str | None = text_column(default=None, foreign_key="suggestions.id")
    adoption_key: str = text_column(unique=True)
    agent_id: str = text_column()
    text: str = text_column()
    state: str = text_column(default="pending")
    channel: str | None = text_column(default=None)
    ts: str | None = text_column(default=None)
    posted_at: datetime | None = moment_column(default=None)
    created_at: datetime = moment_column()


class HeldReplyRow(Table, table=True):
    """A reply that waits for "send anyway". Its texts are dropped once it has been taken."""

    __tablename__ = "held_replies"
    __table_args__ = (Index("ix_held_replies_untaken", "created_at", sqlite_where=UNTAKEN, postgresql_where=UNTAKEN),)

    id: str = text_column(primary_key=True)
    key: str = text_column(unique=True)
    case_id: str = text_column(foreign_key="cases.id")
    suggestion_id: str = text_column(foreign_key="suggestions.id")
    agent_id: str = text_column()
    slot: str | None = text_column(default=None)
    final: str | None = text_column(default=None)
    reasons: list[Any] = json_column(default_factory=list)
    rationale: str | None = text_column(default=None)
    source: str = text_column()
    created_at: datetime = moment_column()
    taken_at: datetime | None = moment_column(default=None)
