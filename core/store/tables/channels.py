"""The table of channels that a lead has turned on."""

from __future__ import annotations

from datetime import datetime

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column


class ChannelRow(Table, table=True):
    """A channel whose root messages are cases."""

    __tablename__ = "watched_channels"

    team: str = text_column(primary_key=True)
    channel: str = text_column(primary_key=True)
    watched_by: str = text_column()
    watched_at: datetime = moment_column()
