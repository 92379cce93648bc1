"""The table of what a workspace would not show."""

from __future__ import annotations

from datetime import datetime

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column


class RefusedFormRow(Table, table=True):
    """A form of showing something that was refused, and when last."""

    __tablename__ = "refused_forms"

    team: str = text_column(primary_key=True)
    form: str = text_column(primary_key=True)
    at: datetime = moment_column()
