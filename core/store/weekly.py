"""The trend by weeks, counted by the database in two passes whatever the number of weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from core.annotations import AnnotationKind
from core.metrics.weekly import WEEK, Week
from core.store.database import Database
from core.store.periods import detail, said_in
from core.store.tables import AnnotationRow


class Weekly:
    """Reads one workspace, or all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def weeks(self, begins: Sequence[datetime], team: str | None = None) -> list[Week]:
        """One for each beginning. `begins`: at least two, oldest first, a week apart."""
        decided = self._counted(begins, team, "adoption", "decision")
        marked = self._counted(begins, team, "relevance", "label")
        return [
            Week(
                begin,
                decided=sum(decided[place].values()),
                used=decided[place]["as_is"] + decided[place]["edited"],
                marked=sum(marked[place].values()),
                helpful=marked[place]["helpful"],
            )
            for place, begin in enumerate(begins)
        ]

    def _counted(
        self, begins: Sequence[datetime], team: str | None, kind: AnnotationKind, name: str
    ) -> list[Counter[str]]:
        """By week how often each value of that field."""
        place, value = _place(begins), detail(name)
        rows = said_in(select(place, value, func.count()), begins[0], begins[-1] + WEEK, team, kind)
        found: list[Counter[str]] = [Counter() for _ in begins]
        with self._database.reading() as session:
            for week, said, times in session.execute(rows.group_by(place, value)):
                found[week][said] += times
        return found


def _place(begins: Sequence[datetime]) -> Any:
    """The number of an annotation's week, from 0."""
    ends = [(col(AnnotationRow.created_at) < end, place) for place, end in enumerate(begins[1:])]
    return case(*ends, else_=len(begins) - 1)
