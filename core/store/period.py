"""Which annotations and which cases a figure of a period counts, as conditions on rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import col

from core.annotations import AnnotationKind
from core.store.annotations import STANDING
from core.store.tables import AnnotationRow, CaseRow, SuggestionRow

Rows = Any  # a SELECT: how many columns it has is part of its type
FIRST_REVISION = 1  # the revision that a case gets by itself


class Period:
    """From `since` on and before `until`, of one workspace or, without `team`, of all."""

    def __init__(self, since: datetime, until: datetime, team: str | None) -> None:
        of_team = true() if team is None else col(CaseRow.team) == team
        self._team = (of_team, col(CaseRow.status) != "withdrawn")
        self._since, self._until = since, until

    def said(self, rows: Rows, *kinds: AnnotationKind) -> Rows:
        """What stands of these kinds, joined with its case and its drafts."""
        drafts = col(SuggestionRow.id) == col(AnnotationRow.suggestion_id)
        return (
            rows.select_from(AnnotationRow)
            .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
            .join(SuggestionRow, drafts, isouter=True)
            .where(*self._within(col(AnnotationRow.created_at)), col(AnnotationRow.kind).in_(kinds), *STANDING)
            .where(*self._team, not_withdrawn())
        )

    def cases(self, rows: Rows) -> Rows:
        """The cases that came, each with its first drafts as far as they were posted."""
        drafts = and_(col(SuggestionRow.case_id) == col(CaseRow.id), col(SuggestionRow.revision) == FIRST_REVISION)
        return (
            rows.select_from(CaseRow)
            .join(SuggestionRow, drafts)
            .where(*self._within(col(CaseRow.created_at)), *self._team, not_withdrawn())
            .where(col(SuggestionRow.posted_at).is_not(None))
        )

    def _within(self, moment: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return moment >= self._since, moment < self._until


def not_withdrawn() -> ColumnElement[bool]:
    """Whether these drafts stand, or were only replaced by newer ones."""
    return or_(col(SuggestionRow.retired).is_(None), col(SuggestionRow.retired) != "withdrawn")
