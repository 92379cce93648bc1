"""Reasons for refusals and edits, counted by the database."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import ReasonCode
from core.metrics.reasons import EXAMPLES, Example, RankedReason, ranked
from core.store.database import Database
from core.store.periods import detail, said_in
from core.store.tables import AnnotationRow, CaseRow

_WITH_REASONS = ("rejected", "edited")


class Reasons:
    """Reads one period of one workspace, or of all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ranked(
        self, since: datetime, until: datetime, team: str | None = None, with_examples: int = 5
    ) -> list[RankedReason]:
        """The most frequent first; the first `with_examples` with the newest threads where they were given."""
        decision, reasons = detail("decision"), detail("reasons")
        rows = said_in(select(decision, reasons, func.count()), since, until, team, "adoption")
        given: Counter[tuple[str, tuple[str, ...]]] = Counter()
        with self._database.reading() as session:
            for decided, codes, times in session.execute(
                rows.where(decision.in_(_WITH_REASONS)).group_by(decision, reasons)
            ):
                given[decided, tuple(json.loads(codes or "[]"))] += times
            return [
                replace(one, examples=_examples(session, one.code, since, until, team))
                if place < with_examples
                else one
                for place, one in enumerate(ranked(given))
            ]


def _examples(
    session: Session, code: ReasonCode, since: datetime, until: datetime, team: str | None
) -> tuple[Example, ...]:
    """Of each case once: several agents may have said the same about it."""
    fields = (col(CaseRow.id), col(CaseRow.channel), col(CaseRow.thread_ts))
    said = said_in(select(*fields), since, until, team, "adoption").where(
        detail("decision").in_(_WITH_REASONS), detail("reasons").like(f'%"{code}"%')
    )
    newest = said.group_by(*fields).order_by(func.max(col(AnnotationRow.created_at)).desc(), col(CaseRow.id).desc())
    return tuple(Example(*row) for row in session.execute(newest.limit(EXAMPLES)))
