"""What was counted of each day that is over, kept, and counted anew where something changed afterwards.

A day is counted in one reading transaction and kept in one short writing one, which stores nothing where somebody else
kept the day meanwhile: a reader who counted an older state of the database never replaces a newer one. The marks of
change that the counting saw go with it; those set meanwhile stay, and have the day counted again. A process that is
killed in between leaves the day as it was: unkept or marked.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.metrics.counted import Counted
from core.store.counting import count
from core.store.database import Database, changed, chunks
from core.store.tables import ChangedDayRow, CountedDayRow

# One more whenever something else is counted, or otherwise: what another edition of the code has kept is counted anew.
EDITION = 2
DAY = timedelta(days=1)
_VALUES = ("edits", "annotation_s", "between_s", "suggestion_s", "reply_s")
_NUMBERS = ("outdated", "drafted", "unanswerable", "annotated", "said")
_NOT_KEPT = ("audited",)
_COUNTS = tuple(one.name for one in fields(Counted) if one.name not in (*_VALUES, *_NUMBERS, *_NOT_KEPT))


class CountedDays:
    """Days (UTC) of one workspace each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team: str, days: Sequence[date]) -> dict[date, Counted]:
        """What is counted of these days, which are over and follow each other; what is not kept yet is from now on."""
        if not days:
            return {}
        with self._database.reading() as session:
            due = set(_due(session, team, days))
            kept = {row.day: _counted(row) for row in session.scalars(_rows(team, days)) if row.day not in due}
        return kept | {day: self._count(team, day) for day in sorted(due)}

    def keep(self, team: str, days: Sequence[date], limit: int) -> int:
        """Counts the first `limit` of those that are not kept as they are now; tells how many."""
        if not days:
            return 0
        with self._database.reading() as session:
            due = _due(session, team, days)[:limit]
        for day in due:
            self._count(team, day)
        return len(due)

    def _count(self, team: str, day: date) -> Counted:
        this = (col(CountedDayRow.team) == team, col(CountedDayRow.day) == day)
        changes = (col(ChangedDayRow.team) == team, col(ChangedDayRow.day) == day)
        with self._database.reading() as session:
            # In this order: what changes while we count has set a mark that we have not seen, and do not take away.
            version = session.scalar(select(col(CountedDayRow.version)).where(*this))
            seen = session.scalars(select(col(ChangedDayRow.id)).where(*changes)).all()
            counted = count(session, begin(day), begin(day) + DAY, team)
        values = _columns(counted)
        with self._database.writing() as session:
            if version is None:
                kept = self._database.insert_new(session, CountedDayRow(team=team, day=day, **values))
            else:
                newer = update(CountedDayRow).where(*this, col(CountedDayRow.version) == version)
                kept = changed(session, newer.values(version=version + 1, **values)) == 1
            for some in chunks(seen if kept else []):
                changed(session, delete(ChangedDayRow).where(col(ChangedDayRow.id).in_(some)))
        return counted


def begin(day: date) -> datetime:
    """Its first moment."""
    return datetime.combine(day, time(), UTC)


def _rows(team: str, days: Sequence[date]) -> Any:
    return select(CountedDayRow).where(
        col(CountedDayRow.team) == team,
        col(CountedDayRow.day).between(days[0], days[-1]),
        col(CountedDayRow.edition) == EDITION,
    )


def _due(session: Session, team: str, days: Sequence[date]) -> list[date]:
    """Those that are not kept by this edition, or changed since."""
    kept = set(session.scalars(_rows(team, days).with_only_columns(col(CountedDayRow.day))))
    changes = select(col(ChangedDayRow.day)).where(
        col(ChangedDayRow.team) == team, col(ChangedDayRow.day).between(days[0], days[-1])
    )
    since = set(session.scalars(changes.distinct()))
    return [day for day in days if day not in kept or day in since]


def _columns(counted: Counted) -> dict[str, Any]:
    numbers = {name: getattr(counted, name) for name in _NUMBERS}
    counts = {name: [[_parts(key), times] for key, times in getattr(counted, name).items()] for name in _COUNTS}
    values = {name: _packed(getattr(counted, name)) for name in _VALUES}
    return {"edition": EDITION, "counts": {**numbers, **counts}, **values}


def _counted(row: CountedDayRow) -> Counted:
    values: dict[str, Any] = {name: row.counts[name] for name in _NUMBERS}
    values |= {name: {_key(parts): times for parts, times in row.counts[name]} for name in _COUNTS}
    values |= {name: _unpacked(getattr(row, name)) for name in _VALUES}
    return Counted(**values)


def _parts(key: Any) -> Any:
    return [_parts(one) for one in key] if isinstance(key, tuple) else key


def _key(parts: Any) -> Any:
    return tuple(_key(one) for one in parts) if isinstance(parts, list) else parts


def _packed(values: Sequence[float]) -> bytes:
    packed = array("d", values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(kept: bytes) -> tuple[float, ...]:
    values = array("d")
    values.frombytes(kept)
    if sys.byteorder == "big":
        values.byteswap()
    return tuple(values)
