"""Channels: those that a lead has turned on, what is set for each, what keeps drafts out, what became of their ids."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import col

from core.channel_settings import DEFAULTS, ChannelSettings, QuietHours
from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import (
    CaseRow,
    ChannelMarkRow,
    ChannelRow,
    ChannelSettingsRow,
    ChannelStateRow,
    ReplyRow,
    SuggestionRow,
)


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

    def settings(self, team: str, channel: str) -> ChannelSettings:
        """What is set for it; the defaults where nothing is."""
        with self._database.reading() as session:
            row = session.get(ChannelSettingsRow, (team, channel))
            return DEFAULTS if row is None else _settings(row)

    def all_settings(self, team: str) -> dict[str, ChannelSettings]:
        """By channel, of those for which something is set."""
        mine = select(ChannelSettingsRow).where(col(ChannelSettingsRow.team) == team)
        with self._database.reading() as session:
            return {row.channel: _settings(row) for row in session.scalars(mine)}

    def set_settings(self, team: str, channel: str, settings: ChannelSettings, by: str) -> None:
        """What this person has set counts from now on, in place of what was set before."""
        quiet = settings.quiet
        values: dict[str, Any] = {
            "candidates": settings.candidates,
            "bots": list(settings.bots),
            "language": settings.language,
            "daily_budget": settings.daily_budget,
            "quiet_from": f"{quiet.begin:%H:%M}" if quiet else "",
            "quiet_to": f"{quiet.end:%H:%M}" if quiet else "",
            "approvers": list(settings.approvers),
            "changed_by": by,
            "changed_at": self._clock(),
        }
        here = (col(ChannelSettingsRow.team) == team, col(ChannelSettingsRow.channel) == channel)
        with self._database.writing() as session:
            if not self._database.insert_new(session, ChannelSettingsRow(team=team, channel=channel, **values)):
                changed(session, update(ChannelSettingsRow).where(*here).values(**values))

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
            for keyed in (CaseRow, ChannelRow, ChannelMarkRow, ChannelSettingsRow):
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


def _settings(row: ChannelSettingsRow) -> ChannelSettings:
    begin, end = row.quiet_from, row.quiet_to
    return ChannelSettings(
        candidates=row.candidates,
        bots=tuple(row.bots),
        language=row.language,
        daily_budget=row.daily_budget,
        quiet=QuietHours(time.fromisoformat(begin), time.fromisoformat(end)) if begin and end else None,
        approvers=tuple(row.approvers),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
