"""How much a team has taught: counts of the whole team, nobody named and nobody ranked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import KINDS
from core.store.database import Database
from core.store.periods import said_in
from core.store.tables import AnnotationRow, GapGroupRow


@dataclass(frozen=True, slots=True)
class Contribution:
    """What stands of what was said, by how many agents; `articles`: gaps that an article has closed."""

    annotations: int
    agents: int
    articles: int


class Contributions:
    """Reads one period of one workspace, or of all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, said: int, since: datetime, until: datetime, team: str | None = None) -> Contribution:
        """From `since` on and before `until`; `said`: how many annotations were counted of that time."""
        of_team = true() if team is None else col(GapGroupRow.team) == team
        closed = select(func.count()).where(
            col(GapGroupRow.status) == "resolved",
            col(GapGroupRow.changed_at) >= since,
            col(GapGroupRow.changed_at) < until,
            of_team,
        )
        with self._database.reading() as session:
            agents = sum(_has_said(session, agent, since, until, team) for agent in _agents(session))
            return Contribution(said, agents, session.scalar(closed) or 0)


def _agents(session: Session) -> Iterator[str]:
    """Everybody who ever said anything: one look into an index for each, however much they said."""
    next_one = select(func.min(col(AnnotationRow.agent_id)))
    while (agent := session.scalar(next_one)) is not None:
        yield agent
        next_one = select(func.min(col(AnnotationRow.agent_id))).where(col(AnnotationRow.agent_id) > agent)


def _has_said(session: Session, agent: str, since: datetime, until: datetime, team: str | None) -> bool:
    said = said_in(select(literal(1)), since, until, team, *KINDS).where(col(AnnotationRow.agent_id) == agent)
    return session.scalar(said.limit(1)) is not None
