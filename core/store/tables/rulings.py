"""Tables of the virtual judge: the cases it has to look at, and what it ruled."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


class UnjudgedCaseRow(Table, table=True):
    """A case about which something was said or taken back since it was judged."""

    __tablename__ = "unjudged_cases"
    __table_args__ = (Index(None, "since"),)

    case_id: str = text_column(primary_key=True, foreign_key="cases.id")
    since: datetime = moment_column()


class RulingRow(Table, table=True):
    """A ruling that changed what was ruled before. `by`: the version of the checks, or the person who decided."""

    __tablename__ = "rulings"
    __table_args__ = (Index(None, "annotation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    annotation_id: str = text_column(foreign_key="annotations.id")
    at: datetime = moment_column()
    by: str = text_column()
    by_person: bool = False
    verdict: str = text_column()
    weight: float
    findings: list[dict[str, Any]] = json_column(default_factory=list)
