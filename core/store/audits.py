"""Audits of the judge: append-only, one question and at most one answer per annotation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, get_args

from sqlalchemy import func, select, true
from sqlmodel import col

from core.annotations import AnnotationKind, Verdict
from core.clock import Clock
from core.judge.agreement import Audited
from core.judge.ruling import lets_teach
from core.store.database import Database
from core.store.tables import AnnotationRow, AuditAnswerRow, AuditRow

DAY = timedelta(days=1)


_ABOUT = (col(AnnotationRow.kind), col(AnnotationRow.case_id))


class Audits:
    """Which rulings a second person is asked about, and what they said."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def ask(self, annotation_id: str, verdict: Verdict, team: str, per_day: int) -> bool:
        """Keeps what is to be asked; False where enough is asked for in this workspace today.

        Asked again it is True while nobody has answered, and the judge still thinks what it thought.
        """
        now = self._clock()
        of_today = select(func.count()).where(col(AuditRow.team) == team, col(AuditRow.asked_at) > now - DAY)
        with self._database.writing() as session:
            before = session.get(AuditRow, annotation_id)
            if before is not None:
                is_open = session.get(AuditAnswerRow, annotation_id) is None
                return is_open and lets_teach(_verdict(before.verdict)) == lets_teach(verdict)
            if (session.scalar(of_today) or 0) >= per_day:
                return False
            row = AuditRow(annotation_id=annotation_id, verdict=verdict, team=team, asked_at=now)
            return self._database.insert_new(session, row)

    def asked(self, annotation_id: str) -> Verdict | None:
        """What the judge had ruled when a second person was asked; None where nobody is, or somebody has answered."""
        with self._database.reading() as session:
            row = session.get(AuditRow, annotation_id)
            if row is None or session.get(AuditAnswerRow, annotation_id) is not None:
                return None
            return _verdict(row.verdict)

    def answer(self, annotation_id: str, may_teach: bool, by: str) -> bool:
        """Keeps what the second person said; False where somebody was faster."""
        row = AuditAnswerRow(annotation_id=annotation_id, may_teach=may_teach, by=by, at=self._clock())
        with self._database.writing() as session:
            return self._database.insert_new(session, row)

    def answered(
        self, since: datetime | None = None, until: datetime | None = None, team: str | None = None
    ) -> list[Audited]:
        """Every ruling about which a second person has said something, in the order of the answers.

        Of one workspace, or without one of all; said from `since` on and before `until`.
        """
        at, audited = col(AuditAnswerRow.at), col(AuditAnswerRow.annotation_id)
        # Looked up for each answer of the time in question: joined, SQLite goes through all audits or annotations.
        about = [select(one).where(col(AnnotationRow.id) == audited) for one in _ABOUT]
        audit = select(col(AuditRow.verdict)).where(col(AuditRow.annotation_id) == audited)
        of_team = audit.where(true() if team is None else col(AuditRow.team) == team).exists()
        rows: Any = (
            select(*(one.scalar_subquery() for one in (*about, audit)), col(AuditAnswerRow.may_teach))
            .where(true() if since is None else at >= since, true() if until is None else at < until, of_team)
            .order_by(at, audited)
        )
        with self._database.reading() as session:
            return [
                Audited(_kind(kind), case_id, _verdict(verdict), may_teach)
                for kind, case_id, verdict, may_teach in session.execute(rows)
            ]


def _verdict(stored: str) -> Verdict:
    return next(one for one in get_args(Verdict) if one == stored)


def _kind(stored: str) -> AnnotationKind:
    return next(one for one in get_args(AnnotationKind) if one == stored)
