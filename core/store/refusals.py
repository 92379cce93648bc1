"""In which forms a workspace would not show something, so that it is not asked in vain each time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import RefusedFormRow

# After that it is asked again: a workspace gets new things, and somebody may have given us a right that we lacked.
GOOD_FOR = timedelta(days=7)


class Refusals:
    """By workspace and form, such as "picture". Safe for many threads and processes."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add(self, team: str, form: str) -> None:
        """It was refused just now."""
        row = RefusedFormRow(team=team, form=form, at=self._clock())
        this = (col(RefusedFormRow.team) == team, col(RefusedFormRow.form) == form)
        with self._database.writing() as session:
            if not self._database.insert_new(session, row):
                changed(session, update(RefusedFormRow).where(*this).values(at=row.at))

    def of(self, team: str) -> frozenset[str]:
        """The forms that were refused within the last days."""
        lately = col(RefusedFormRow.at) > self._clock() - GOOD_FOR
        with self._database.reading() as session:
            refused = select(col(RefusedFormRow.form)).where(col(RefusedFormRow.team) == team, lately)
            return frozenset(session.scalars(refused))
