"""The table of how far each channel is known."""

from __future__ import annotations

from datetime import datetime

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column


class ChannelMarkRow(Table, table=True):
    """`since`: what is older was never ours to see. `until`: what is older was taken in."""

    __tablename__ = "channel_marks"

    team: str = text_column(primary_key=True)
    channel: str = text_column(primary_key=True)
    since: datetime = moment_column()
    until: datetime = moment_column()
