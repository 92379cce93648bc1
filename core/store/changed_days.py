"""Which days are to be counted anew, because something changed about a case after they were over.

Whoever changes what the figures are computed from says so here, in the same transaction. A case belongs to the day on
which it came, and each annotation to the day on which it was given; a change of one may change how the others count.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from core.store.database import chunks
from core.store.tables import AnnotationRow, CaseRow, ChangedDayRow


def count_again(session: Session, case_ids: Sequence[str], now: datetime) -> None:
    """Every day before `now`'s on which something of these cases counts. The day that goes on is never kept."""
    found: set[tuple[str, datetime]] = set()
    for some in chunks(case_ids):
        came = select(col(CaseRow.team), col(CaseRow.created_at)).where(col(CaseRow.id).in_(some))
        said = (
            select(col(CaseRow.team), col(AnnotationRow.created_at))
            .join(AnnotationRow, col(AnnotationRow.case_id) == col(CaseRow.id))
            .where(col(CaseRow.id).in_(some))
        )
        found.update((team, at) for team, at in session.execute(union_all(came, said)))
    over = sorted({(team, at.date()) for team, at in found if at.date() < now.date()})
    if over:
        session.execute(insert(ChangedDayRow), [{"team": team, "day": day} for team, day in over])
