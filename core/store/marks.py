"""How far each channel is known: what came after the mark may have been missed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import col

from core.store.database import Database, changed
from core.store.tables import ChannelMarkRow


@dataclass(frozen=True, slots=True)
class Mark:
    """What is older than `since` was never ours to see; what is between it and `until` was taken in."""

    since: datetime
    until: datetime


class Marks:
    """One per channel of a workspace."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team: str) -> dict[str, Mark]:
        """The marks of this workspace, by channel."""
        mine = select(ChannelMarkRow).where(col(ChannelMarkRow.team) == team)
        with self._database.reading() as session:
            return {row.channel: Mark(row.since, row.until) for row in session.scalars(mine)}

    def advance(self, team: str, channels: Iterable[str], until: datetime) -> None:
        """Everything in these channels up to then was taken in; for a new one the time begins then."""
        with self._database.writing() as session:
            for channel in channels:
                here = (col(ChannelMarkRow.team) == team, col(ChannelMarkRow.channel) == channel)
                self._database.insert_new(session, ChannelMarkRow(team=team, channel=channel, since=until, until=until))
                later = update(ChannelMarkRow).where(*here, col(ChannelMarkRow.until) < until)
                changed(session, later.values(until=until))
