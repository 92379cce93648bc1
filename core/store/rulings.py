"""Rulings of the virtual judge: append-only, and the latest also stands on the annotation itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import Verdict
from core.clock import Clock
from core.errors import UnknownAnnotation
from core.judge.ruling import Finding, Ruling
from core.store.changed_days import count_again
from core.store.database import Database, changed
from core.store.tables import AnnotationRow, CaseRow, RulingRow, UnjudgedCaseRow


class Rulings:
    """Which cases are to be judged, and what was ruled on each annotation."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def waiting(self, until: datetime | None = None, team: str | None = None) -> list[str]:
        """The cases to be judged that have waited since then or longer, the longest first; of one workspace or all."""
        rows = select(col(UnjudgedCaseRow.case_id)).order_by(col(UnjudgedCaseRow.since), col(UnjudgedCaseRow.case_id))
        if until is not None:
            rows = rows.where(col(UnjudgedCaseRow.since) <= until)
        if team is not None:
            rows = rows.join(CaseRow, col(CaseRow.id) == col(UnjudgedCaseRow.case_id)).where(col(CaseRow.team) == team)
        with self._database.reading() as session:
            return list(session.scalars(rows))

    def take(self, case_id: str) -> bool:
        """Takes a case off the list; False where somebody else was faster.

        To be called inside a transaction with the judging: whatever is said meanwhile puts the case on the list again.
        """
        with self._database.writing() as session:
            return changed(session, delete(UnjudgedCaseRow).where(col(UnjudgedCaseRow.case_id) == case_id)) == 1

    def add(self, annotation_id: str, ruling: Ruling, by: str) -> bool:
        """Stores what the checks of that version ruled.

        False, and nothing stored, where it is the ruling that stands, or a person has decided already.
        """
        with self._database.writing() as session:
            latest = _latest(session, annotation_id)
            if latest is not None and (latest.by_person or ruling == _ruling(latest)):
                return False
            self._store(session, annotation_id, ruling, by, by_person=False)
            return True

    def decide(self, annotation_id: str, may_teach: bool, by: str) -> bool:
        """A person decides about a held annotation, for good; False, and nothing stored, where it is held no more.

        Raises UnknownAnnotation.
        """
        with self._database.writing() as session:
            if not _undecided(session, annotation_id, ("held",)):
                return False
            self._decide(session, annotation_id, may_teach, by)
            return True

    def overrule(self, annotation_id: str, by: str) -> bool:
        """A person says, for good, that what the judge lets teach may not; False where it does not let it.

        Raises UnknownAnnotation.
        """
        with self._database.writing() as session:
            if not _undecided(session, annotation_id, ("accepted", "downweighted")):
                return False
            self._decide(session, annotation_id, False, by)
            return True

    def latest(self, annotation_id: str) -> Ruling | None:
        """The ruling that stands on an annotation; None while it is pending."""
        with self._database.reading() as session:
            row = _latest(session, annotation_id)
            return None if row is None else _ruling(row)

    def is_by_person(self, annotation_id: str) -> bool:
        """Whether a person has decided about it, for good."""
        with self._database.reading() as session:
            row = _latest(session, annotation_id)
            return row is not None and row.by_person

    def _decide(self, session: Session, annotation_id: str, may_teach: bool, by: str) -> None:
        ruling = Ruling("accepted", 1.0) if may_teach else Ruling("held", 0.0)
        self._store(session, annotation_id, ruling, by, by_person=True)

    def _store(self, session: Session, annotation_id: str, ruling: Ruling, by: str, by_person: bool) -> None:
        row = RulingRow(
            annotation_id=annotation_id,
            at=self._clock(),
            by=by,
            by_person=by_person,
            verdict=ruling.verdict,
            weight=ruling.weight,
            findings=[asdict(finding) for finding in ruling.findings],
        )
        session.add(row)
        session.flush()
        now = {"judge": ruling.verdict, "weight": ruling.weight}
        changed(session, update(AnnotationRow).where(col(AnnotationRow.id) == annotation_id).values(**now))
        about = select(col(AnnotationRow.case_id)).where(col(AnnotationRow.id) == annotation_id)
        count_again(session, session.scalars(about).all(), row.at)


def _undecided(session: Session, annotation_id: str, verdicts: Sequence[Verdict]) -> bool:
    """Whether one of these verdicts stands, and by no person; nobody changes it until the transaction ends."""
    row = session.get(AnnotationRow, annotation_id, with_for_update=True)
    if row is None:
        raise UnknownAnnotation(annotation_id)
    latest = _latest(session, annotation_id)
    return row.judge in verdicts and latest is not None and not latest.by_person


def _latest(session: Session, annotation_id: str) -> RulingRow | None:
    of_it = select(RulingRow).where(col(RulingRow.annotation_id) == annotation_id)
    return session.scalars(of_it.order_by(col(RulingRow.id).desc()).limit(1)).first()


def _ruling(row: RulingRow) -> Ruling:
    return Ruling(row.verdict, row.weight, tuple(Finding(**finding) for finding in row.findings))  # type: ignore[arg-type]
