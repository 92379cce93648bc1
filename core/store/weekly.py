"""The trend by weeks: days that are over as they were counted and kept, and what is left of each week in its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlmodel import col

from core.annotations import AnnotationKind
from core.metrics.counted import Counted
from core.metrics.weekly import WEEK, Week
from core.store.counted_days import DAY, begin
from core.store.database import Database
from core.store.metrics import Metrics
from core.store.periods import detail, said_in
from core.store.tables import AnnotationRow

_USED = ("as_is", "edited")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What of a week, by its place, is not covered by days that are kept."""

    place: int
    since: datetime
    until: datetime


class Weekly:
    """Reads one workspace, or all."""

    def __init__(self, database: Database, metrics: Metrics) -> None:
        self._database, self._metrics = database, metrics

    def weeks(self, begins: Sequence[datetime], team: str | None = None) -> list[Week]:
        """One for each beginning. `begins`: at least two, oldest first, a week apart."""
        days = self._metrics.days(begins[0], begins[-1] + WEEK, team)
        decided: list[Counter[str]] = [Counter() for _ in begins]
        marked: list[Counter[str]] = [Counter() for _ in begins]
        pieces: list[_Piece] = []
        for place, since in enumerate(begins):
            whole = [day for day in days if since <= begin(day) and begin(day) + DAY <= since + WEEK]
            for day in whole:
                _add(days[day], decided[place], marked[place])
            pieces += _besides([begin(day) for day in sorted(whole)], place, since)
        self._count(pieces, decided, team, "adoption", "decision")
        self._count(pieces, marked, team, "relevance", "label")
        return [
            Week(
                since,
                decided=decided[place].total(),
                used=sum(decided[place][one] for one in _USED),
                marked=marked[place].total(),
                helpful=marked[place]["helpful"],
            )
            for place, since in enumerate(begins)
        ]

    def _count(
        self, pieces: Sequence[_Piece], found: list[Counter[str]], team: str | None, kind: AnnotationKind, name: str
    ) -> None:
        """Adds how often each value of that field was said in these pieces."""
        if not pieces:
            return
        within = [(_within(one), one.place) for one in pieces]
        place, value = case(*within), detail(name)
        rows = said_in(select(place, value, func.count()), pieces[0].since, pieces[-1].until, team, kind)
        rows = rows.where(or_(*(condition for condition, _ in within)))
        with self._database.reading() as session:
            for week, said, times in session.execute(rows.group_by(place, value)):
                found[week][said] += times


def _add(counted: Counted, decided: Counter[str], marked: Counter[str]) -> None:
    for (decision, *_), times in counted.adoptions.items():
        decided[decision] += times
    for (helpful, of), times in counted.marks.items():
        marked["helpful"] += helpful * times
        marked["other"] += (of - helpful) * times


def _besides(whole: Sequence[datetime], place: int, since: datetime) -> list[_Piece]:
    """The week's begin and end, where its days begin at another hour; all of it where no day is kept."""
    if not whole:
        return [_Piece(place, since, since + WEEK)]
    pieces = (_Piece(place, since, whole[0]), _Piece(place, whole[-1] + DAY, since + WEEK))
    return [one for one in pieces if one.since < one.until]


def _within(piece: _Piece) -> Any:
    return and_(col(AnnotationRow.created_at) >= piece.since, col(AnnotationRow.created_at) < piece.until)
