"""The queue of missing knowledge."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Select, func, select, true, type_coerce
from sqlmodel import col

from core.annotations import MissingKnowledge
from core.store.annotation_rows import annotation_of
from core.store.database import Database
from core.store.tables import AnnotationRow, CaseRow
from core.store.tables.annotations import STANDING_GAP


class Gaps:
    """Reports that wait for a person."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, limit: int | None = None, team: str | None = None) -> list[MissingKnowledge]:
        """Standing reports with status `open`, newest first, the first `limit`; none of withdrawn cases.

        Of one workspace, or without one of all.
        """
        newest_first = (col(AnnotationRow.created_at).desc(), col(AnnotationRow.id).desc())
        with self._database.reading() as session:
            rows = session.scalars(_open(select(AnnotationRow), team).order_by(*newest_first).limit(limit))
            reports = [annotation_of(row) for row in rows]
        return [report for report in reports if isinstance(report, MissingKnowledge)]

    def count(self, team: str | None = None) -> int:
        """How many there are."""
        with self._database.reading() as session:
            return session.scalar(_open(select(func.count()).select_from(AnnotationRow), team)) or 0


def _open(rows: Select[Any], team: str | None) -> Select[Any]:
    status = type_coerce(col(AnnotationRow.details), JSON)["status"].as_string()
    of_cases = rows.join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
    of_team = true() if team is None else col(CaseRow.team) == team
    return of_cases.where(STANDING_GAP, status == "open", col(CaseRow.status) != "withdrawn", of_team)
