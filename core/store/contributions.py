"""How much a team has taught: counts of the whole team, nobody named and nobody ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, true
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

    def of(self, since: datetime, until: datetime, team: str | None = None) -> Contribution:
        """From `since` on and before `until`."""
        said = (func.count(), func.count(func.distinct(col(AnnotationRow.agent_id))))
        of_team = true() if team is None else col(GapGroupRow.team) == team
        closed = select(func.count()).where(
            col(GapGroupRow.status) == "resolved",
            col(GapGroupRow.changed_at) >= since,
            col(GapGroupRow.changed_at) < until,
            of_team,
        )
        with self._database.reading() as session:
            annotations, agents = session.execute(said_in(select(*said), since, until, team, *KINDS)).one()
            return Contribution(annotations, agents, session.scalar(closed) or 0)
