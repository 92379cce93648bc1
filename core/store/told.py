"""What agents are asked for and told without having asked: counted, so that nobody is disturbed often."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import AgentAskRow, AgentNewsRow

DAY = timedelta(days=1)
# Nobody is told of their own accord more often than this.
NEWS_EVERY = timedelta(days=7)


class Told:
    """Per agent of a workspace."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def may_ask(self, key: str, team: str, agent: str, channel: str, per_day: int) -> bool:
        """Notes that this agent is disturbed on behalf of that channel; False where that was often enough in a day.

        The same key again is True and counts once.
        """
        now = self._clock()
        of_theirs = (col(AgentAskRow.team) == team, col(AgentAskRow.agent) == agent)
        lately = (*of_theirs, col(AgentAskRow.channel) == channel, col(AgentAskRow.at) > now - DAY)
        with self._database.writing() as session:
            if session.get(AgentAskRow, key) is not None:
                return True
            if (session.scalar(select(func.count()).where(*lately)) or 0) >= per_day:
                return False
            row = AgentAskRow(key=key, team=team, agent=agent, channel=channel, at=now)
            return self._database.insert_new(session, row)

    def forget(self, before: datetime) -> int:
        """Drops what was counted before then; tells how much."""
        with self._database.writing() as session:
            return changed(session, delete(AgentAskRow).where(col(AgentAskRow.at) < before))

    def wants_news(self, team: str, agent: str) -> bool:
        """True until they switch it off."""
        with self._database.reading() as session:
            row = session.get(AgentNewsRow, (team, agent))
            return row is None or row.is_wanted

    def switch_news(self, team: str, agent: str, *, is_wanted: bool) -> None:
        """From now on they are told, or not."""
        with self._database.writing() as session:
            self._database.insert_new(session, AgentNewsRow(team=team, agent=agent))
            changed(session, update(AgentNewsRow).where(*_of(team, agent)).values(is_wanted=is_wanted))

    def news_told_at(self, team: str, agent: str) -> datetime | None:
        """When they were last told; None where they never were."""
        with self._database.reading() as session:
            row = session.get(AgentNewsRow, (team, agent))
            return None if row is None else row.told_at

    def may_tell(self, team: str, agent: str) -> bool:
        """Whether they want to be told and were not in the last seven days."""
        with self._database.reading() as session:
            row = session.get(AgentNewsRow, (team, agent))
            return row is None or (row.is_wanted and (row.told_at is None or row.told_at <= self._before()))

    def take_turn(self, team: str, agent: str) -> bool:
        """Notes that they are told now; False where they may not be, or another process has just done it."""
        due = or_(col(AgentNewsRow.told_at).is_(None), col(AgentNewsRow.told_at) <= self._before())
        mine = update(AgentNewsRow).where(*_of(team, agent), col(AgentNewsRow.is_wanted), due)
        with self._database.writing() as session:
            self._database.insert_new(session, AgentNewsRow(team=team, agent=agent))
            return changed(session, mine.values(told_at=self._clock())) == 1

    def _before(self) -> datetime:
        return self._clock() - NEWS_EVERY


def _of(team: str, agent: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(AgentNewsRow.team) == team, col(AgentNewsRow.agent) == agent
