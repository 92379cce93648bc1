"""Channels: those that a lead has turned on, what keeps drafts out of some, and what became of their ids."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, update
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import CaseRow, ChannelMarkRow, ChannelRow, ChannelStateRow, ReplyRow, SuggestionRow


class Channels:
    """Whatever is kept here is one workspace's: the same channel id in another one is another channel."""

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

    def barriers(self, team: str) -> dict[str, str]:
        """What keeps drafts out, by channel; channels where nothing does are not there."""
        closed = (col(ChannelStateRow.team) == team, col(ChannelStateRow.barrier) != "")
        with self._database.reading() as session:
            return {row.channel: row.barrier for row in session.scalars(select(ChannelStateRow).where(*closed))}

    def set_barrier(self, team: str, channel: str, barrier: str) -> bool:
        """True if that is news; "" where nothing keeps drafts out any more."""
        fresh = ChannelStateRow(team=team, channel=channel)
        here = (col(ChannelStateRow.team) == team, col(ChannelStateRow.channel) == channel)
        news = update(ChannelStateRow).where(*here, col(ChannelStateRow.barrier) != barrier).values(barrier=barrier)
        with self._database.writing() as session:
            self._database.insert_new(session, fresh)
            return changed(session, news) > 0

    def rename(self, team: str, old: str, new: str) -> None:
        """The channel has another id from now on; all that is known of it goes along."""
        of_team = select(col(CaseRow.id)).where(col(CaseRow.team) == team)
        with self._database.writing() as session:
            for table in (SuggestionRow, ReplyRow):
                here = (col(table.channel) == old, col(table.case_id).in_(of_team))
                changed(session, update(table).where(*here).values(channel=new))
            for keyed in (CaseRow, ChannelRow, ChannelMarkRow):
                there = (col(keyed.team) == team, col(keyed.channel) == old)
                if keyed is not CaseRow and session.get(keyed, (team, new)) is not None:  # told a second time
                    changed(session, delete(keyed).where(*there))
                else:
                    changed(session, update(keyed).where(*there).values(channel=new))
            state = session.get(ChannelStateRow, (team, old))
            formerly = (state.formerly if state is not None else "") or old
            self._database.insert_new(session, ChannelStateRow(team=team, channel=new, formerly=formerly))

    def renamed(self, team: str, first_ids: Iterable[str]) -> set[str]:
        """The other ids that these channels have had since, as settings name them by their first."""
        here = (col(ChannelStateRow.team) == team, col(ChannelStateRow.formerly).in_(sorted(first_ids)))
        with self._database.reading() as session:
            return set(session.scalars(select(col(ChannelStateRow.channel)).where(*here)))
