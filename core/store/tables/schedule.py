"""Tables of the schedule: who leads among several processes, and the retrainings that are asked for and run."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column

RUNNING = text("state = 'running'")


class LeaseRow(Table, table=True):
    """Who holds something until when; `holder` is "" once it was given back."""

    __tablename__ = "leases"

    name: str = text_column(primary_key=True)
    holder: str = text_column(default="")
    since: datetime = moment_column()
    until: datetime = moment_column()


class RetrainingRow(Table, table=True):
    """One retraining from being asked for to its end. The key refuses a second one, the index a second at a time."""

    __tablename__ = "retrainings"
    __table_args__ = (
        Index("uq_retrainings_running", "state", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = text_column(unique=True)
    cause: str = text_column()
    asked_by: str = text_column(default="")
    asked_in: str = text_column(default="")
    team: str | None = text_column(default=None)
    asked_at: datetime = moment_column()
    state: str = text_column(default="waiting")
    attempts: int = 0
    started_at: datetime | None = moment_column(default=None)
    finished_at: datetime | None = moment_column(default=None)
    progress: str = text_column(default="")
    outcome: dict[str, Any] = json_column(default_factory=dict)
    channel: str | None = text_column(default=None)
    ts: str | None = text_column(default=None)
