"""Training cycles: each once by its key, where it stands, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.registry.bundle import Part
from core.registry.cycle import Cycle, Ending, Phase
from core.store.database import Database, changed
from core.store.tables import AnnotationRow, CaseRow, TrainingCycleRow


class Cycles:
    """Whoever runs a cycle writes; everybody may look."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def begin(self, key: str, parts: Sequence[Part], parent: int, host: str, pid: int) -> Cycle:
        """A new cycle, or the one that has this key already: its `pid` tells."""
        now = self._clock()
        row = TrainingCycleRow(
            key=key, parts=list(parts), parent=parent, started_at=now, host=host, pid=pid, seen_at=now
        )
        with self._database.writing() as session:
            self._database.insert_new(session, row)
            return _cycle(_row(session, key))

    def take_over(self, key: str, host: str, pid: int) -> None:
        """Another process goes on with it."""
        self._change(key, host=host, pid=pid, seen_at=self._clock())

    def begin_again(self, key: str, parts: Sequence[Part], parent: int, host: str, pid: int) -> Cycle:
        """An unfinished one from its start: what it rested on has changed."""
        now = self._clock()
        anew = {"phase": "data", "progress": {}, "outcome": {}, "started_at": now, "seen_at": now}
        self._change(key, parts=list(parts), parent=parent, host=host, pid=pid, **anew)
        with self._database.reading() as session:
            return _cycle(_row(session, key))

    def report(self, key: str, phase: Phase, progress: Mapping[str, Any]) -> None:
        """Where it stands, and that its process is alive."""
        self._change(key, phase=phase, progress=dict(progress), seen_at=self._clock())

    def keep(self, key: str, outcome: Mapping[str, Any]) -> None:
        """What the gate decided, before anything follows from it: a restart does not decide anew."""
        self._change(key, outcome=dict(outcome))

    def finish(self, key: str, ending: Ending, outcome: Mapping[str, Any]) -> None:
        """It is over; the first end counts."""
        over = {"phase": "over", "progress": {}, "ending": ending, "outcome": dict(outcome)}
        self._change(key, finished_at=self._clock(), **over)

    def get(self, key: str) -> Cycle | None:
        """The cycle with this key."""
        with self._database.reading() as session:
            row = session.scalars(select(TrainingCycleRow).where(col(TrainingCycleRow.key) == key)).one_or_none()
            return None if row is None else _cycle(row)

    def latest(self, limit: int = 1) -> list[Cycle]:
        """The newest ones, newest first."""
        rows = select(TrainingCycleRow).order_by(col(TrainingCycleRow.id).desc()).limit(limit)
        with self._database.reading() as session:
            return [_cycle(row) for row in session.scalars(rows)]

    def unfinished(self) -> Cycle | None:
        """The newest one that is not over: it runs, or its process was stopped or killed."""
        return self._newest(col(TrainingCycleRow.finished_at).is_(None))

    def last_registered(self) -> Cycle | None:
        """The newest one that ended with a version."""
        return self._newest(col(TrainingCycleRow.ending) == "registered")

    def may_teach_since(self, moment: datetime | None) -> int:
        """How many annotations that may teach were made after that moment; None: ever. One quick count."""
        conditions = [
            col(AnnotationRow.judge).in_(("accepted", "downweighted")),
            col(AnnotationRow.superseded).is_(False),
            col(AnnotationRow.withdrawn).is_(False),
            col(CaseRow.status) != "withdrawn",
        ]
        if moment is not None:
            conditions.append(col(AnnotationRow.created_at) > moment)
        counted = select(func.count()).select_from(AnnotationRow).join(CaseRow).where(*conditions)
        with self._database.reading() as session:
            return session.scalar(counted) or 0

    def _newest(self, condition: Any) -> Cycle | None:
        rows = select(TrainingCycleRow).where(condition).order_by(col(TrainingCycleRow.id).desc()).limit(1)
        with self._database.reading() as session:
            row = session.scalars(rows).first()
            return None if row is None else _cycle(row)

    def _change(self, key: str, **values: Any) -> None:
        this = (col(TrainingCycleRow.key) == key, col(TrainingCycleRow.finished_at).is_(None))
        with self._database.writing() as session:
            changed(session, update(TrainingCycleRow).where(*this).values(**values))


def _row(session: Session, key: str) -> TrainingCycleRow:
    return session.scalars(select(TrainingCycleRow).where(col(TrainingCycleRow.key) == key)).one()


def _cycle(row: TrainingCycleRow) -> Cycle:
    return Cycle(
        key=row.key,
        parts=tuple(cast(Part, part) for part in row.parts),
        parent=row.parent,
        started_at=row.started_at,
        phase=cast(Phase, row.phase),
        host=row.host,
        pid=row.pid,
        seen_at=row.seen_at,
        progress=row.progress,
        outcome=row.outcome,
        finished_at=row.finished_at,
        ending=cast(Ending | None, row.ending),
    )
