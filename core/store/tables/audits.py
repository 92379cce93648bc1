"""Tables of the judge's audit, append-only: which rulings a second person is asked about, and what they said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column


class AuditRow(Table, table=True):
    """A ruling that was drawn; `verdict`: what the judge had ruled, which the person is not told."""

    __tablename__ = "audits"
    __table_args__ = (Index(None, "team", "asked_at"),)

    annotation_id: str = text_column(primary_key=True, foreign_key="annotations.id")
    verdict: str = text_column()
    team: str = text_column()
    asked_at: datetime = moment_column()


class AuditAnswerRow(Table, table=True):
    """What the first person said who answered."""

    __tablename__ = "audit_answers"
    __table_args__ = (Index(None, "at"),)

    annotation_id: str = text_column(primary_key=True, foreign_key="audits.annotation_id")
    may_teach: bool = Field()
    by: str = text_column()
    at: datetime = moment_column()
