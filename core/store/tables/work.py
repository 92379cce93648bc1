"""Tables of durable work: what came in, and what is to go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column

# An update that is asked for again while it waits or is on its way needs no second row.
UNSENT = text("coalesced AND state IN ('pending', 'claimed')")
# What is to be done: few rows among all that are done with.
WAITING = text("state IN ('pending', 'claimed')")
# What is done with, looked for by age.
FINISHED = text("finished_at IS NOT NULL")
# What still holds somebody's words: few rows, looked for by age.
HELD_PAYLOAD = text("payload IS NOT NULL")
NOT_SENT = text("state <> 'sent'")


class InboxRow(Table, table=True):
    """One delivery. The payload goes when it is done with; the rest, which keeps a second one out, some weeks later."""

    __tablename__ = "inbox"
    __table_args__ = (
        Index("ix_inbox_waiting", "lane", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index(None, "state", "lease_until"),
        Index("ix_inbox_finished", "finished_at", sqlite_where=FINISHED, postgresql_where=FINISHED),
        Index("ix_inbox_held", "received_at", sqlite_where=HELD_PAYLOAD, postgresql_where=HELD_PAYLOAD),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = text_column(unique=True)
    kind: str = text_column()
    lane: str = text_column()
    payload: dict[str, Any] | None = json_column(default=None)
    state: str = text_column(default="pending")
    attempts: int = 0
    team: str | None = text_column(default=None)
    received_at: datetime = moment_column()
    not_before: datetime | None = moment_column(default=None)
    worker: str | None = text_column(default=None)
    lease_until: datetime | None = moment_column(default=None)
    finished_at: datetime | None = moment_column(default=None)
    error: str | None = text_column(default=None)


class OutboxRow(Table, table=True):
    """One call to make. The arguments go when it has been made; of the answer only plain values stay.

    The row itself goes some weeks later."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "order_key", "state", "id"),
        Index(None, "state", "lease_until"),
        Index("ix_outbox_finished", "finished_at", sqlite_where=FINISHED, postgresql_where=FINISHED),
        Index("ix_outbox_held", "created_at", sqlite_where=NOT_SENT, postgresql_where=NOT_SENT),
        Index("uq_outbox_coalesced", "purpose", "subject", unique=True, sqlite_where=UNSENT, postgresql_where=UNSENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = text_column(unique=True)
    method: str = text_column()
    arguments: dict[str, Any] = json_column(default_factory=dict)
    subject: str = text_column(default="")
    purpose: str = text_column(default="")
    order_key: str = text_column(default="")
    team: str | None = text_column(default=None)
    coalesced: bool = False
    dirty: bool = False
    state: str = text_column(default="pending")
    attempts: int = 0
    created_at: datetime = moment_column()
    not_before: datetime | None = moment_column(default=None)
    worker: str | None = text_column(default=None)
    lease_until: datetime | None = moment_column(default=None)
    unknown_outcome: bool = False
    finished_at: datetime | None = moment_column(default=None)
    response: dict[str, Any] | None = json_column(default=None)
    error: str | None = text_column(default=None)
