"""Tables of channels: those that a lead has turned on, and what is known about any of them."""

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


class ChannelStateRow(Table, table=True):
    """What sets a channel apart: `barrier` keeps drafts out of it ("" where nothing does), `formerly` was its id."""

    __tablename__ = "channel_states"

    team: str = text_column(primary_key=True)
    channel: str = text_column(primary_key=True)
    barrier: str = text_column(default="")
    formerly: str = text_column(default="")
