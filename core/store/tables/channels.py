"""Tables of channels: those that a lead has turned on, what a lead has set for them, and what is known about any."""

from __future__ import annotations

from datetime import datetime

from core.store.tables.base import Table
from core.store.tables.types import json_column, moment_column, text_column


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


class ChannelSettingsRow(Table, table=True):
    """What a lead has set. `quiet_from`, `quiet_to`: "22:00", both "" where there are no quiet hours."""

    __tablename__ = "channel_settings"

    team: str = text_column(primary_key=True)
    channel: str = text_column(primary_key=True)
    candidates: bool
    bots: list[str] = json_column()
    language: str = text_column()
    daily_budget: int | None = None
    quiet_from: str = text_column()
    quiet_to: str = text_column()
    approvers: list[str] = json_column()
    changed_by: str = text_column()
    changed_at: datetime = moment_column()
