"""Tables of what is counted day by day for the figures, and of the days of which that is to be counted anew."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field

from core.store.tables.base import Table
from core.store.tables.types import json_column, text_column


def _seconds_column() -> Any:
    return Field(default=b"", sa_type=LargeBinary)


class CountedDayRow(Table, table=True):
    """What was counted of one workspace on one day (UTC) that is over: nobody named, and nothing that was written.

    `edition`: of the code that counted. `version`: goes up with each counting. Values one by one are float64,
    little-endian.
    """

    __tablename__ = "counted_days"

    team: str = text_column(primary_key=True)
    day: date = Field(primary_key=True)
    edition: int
    version: int = 1
    counts: dict[str, Any] = json_column()
    edits: bytes = _seconds_column()
    annotation_s: bytes = _seconds_column()
    between_s: bytes = _seconds_column()
    suggestion_s: bytes = _seconds_column()
    reply_s: bytes = _seconds_column()


class ChangedDayRow(Table, table=True):
    """Something changed what is to be counted of a day after it was over. Gone once it was counted again."""

    __tablename__ = "changed_days"
    __table_args__ = (Index(None, "team", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str = text_column()
    day: date
