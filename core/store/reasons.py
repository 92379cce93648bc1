"""The threads in which agents said last why they refused or changed a draft."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import ReasonCode
from core.metrics.reasons import EXAMPLES, Example, RankedReason
from core.store.counting import WITH_REASONS
from core.store.database import Database
from core.store.periods import detail, said_in
from core.store.tables import AnnotationRow, CaseRow

_LOOKED_AT = 50  # annotations with a reason, for two threads


class Reasons:
    """Reads one period of one workspace, or of all."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def with_threads(
        self, reasons: Iterable[RankedReason], since: datetime, until: datetime, team: str | None = None, first: int = 5
    ) -> list[RankedReason]:
        """The same; the first so many with the newest threads where they were given, each once."""
        with self._database.reading() as session:
            return [
                replace(one, examples=_threads(session, one.code, since, until, team)) if place < first else one
                for place, one in enumerate(reasons)
            ]


def _threads(
    session: Session, code: ReasonCode, since: datetime, until: datetime, team: str | None
) -> tuple[Example, ...]:
    """The newest, each case once: several agents may have said the same about it. An index finds the last few."""
    fields = (col(CaseRow.id), col(CaseRow.channel), col(CaseRow.thread_ts))
    said = said_in(select(*fields), since, until, team, "adoption").where(
        detail("decision").in_(WITH_REASONS), detail("reasons").like(f'%"{code}"%')
    )
    newest = said.order_by(col(AnnotationRow.created_at).desc(), col(AnnotationRow.id).desc()).limit(_LOOKED_AT)
    threads = dict.fromkeys(Example(*row) for row in session.execute(newest))
    return tuple(islice(threads, EXAMPLES))
