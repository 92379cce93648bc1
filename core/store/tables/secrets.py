"""The table of random keys made by the program itself."""

from __future__ import annotations

from core.store.tables.base import Table
from core.store.tables.types import text_column


class SecretRow(Table, table=True):
    """One key, by what it is for."""

    __tablename__ = "secrets"

    name: str = text_column(primary_key=True)
    value: str = text_column()
