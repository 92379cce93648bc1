"""The channels that a lead has turned on."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import ChannelRow


class Channels:
    """Channels whose root messages are cases."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def watch(self, team: str, channel: str, by: str) -> None:
        """Turns a channel on; who did it first stays on record."""
        row = ChannelRow(team=team, channel=channel, watched_by=by, watched_at=self._clock())
        with self._database.writing() as session:
            self._database.insert_new(session, row)

    def unwatch(self, team: str, channel: str) -> None:
        """Turns a channel off."""
        here = (col(ChannelRow.team) == team, col(ChannelRow.channel) == channel)
        with self._database.writing() as session:
            changed(session, delete(ChannelRow).where(*here))

    def watched(self, team: str) -> set[str]:
        """The channels of this workspace that are on."""
        with self._database.reading() as session:
            return set(session.scalars(select(col(ChannelRow.channel)).where(col(ChannelRow.team) == team)))
