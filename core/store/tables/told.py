"""Tables of what agents were asked for and told without having asked: so that it stays little."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index

from core.store.tables.base import Table
from core.store.tables.types import moment_column, text_column


class AgentAskRow(Table, table=True):
    """One agent was disturbed once on behalf of a channel; the key keeps a second time out."""

    __tablename__ = "agent_asks"
    __table_args__ = (Index(None, "team", "agent", "channel", "at"),)

    key: str = text_column(primary_key=True)
    team: str = text_column()
    agent: str = text_column()
    channel: str = text_column()
    at: datetime = moment_column()


class AgentNewsRow(Table, table=True):
    """Whether an agent wants to be told what their feedback changed, and when they last were."""

    __tablename__ = "agent_news"

    team: str = text_column(primary_key=True)
    agent: str = text_column(primary_key=True)
    is_wanted: bool = True
    told_at: datetime | None = moment_column(default=None)
