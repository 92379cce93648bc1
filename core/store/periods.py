"""Conditions on annotations of one period and one workspace: what stands, of cases and drafts that stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, or_, true, type_coerce
from sqlmodel import col

from core.annotations import AnnotationKind
from core.store.annotations import STANDING
from core.store.tables import AnnotationRow, CaseRow, SuggestionRow

Rows = Any  # a SELECT: how many columns it has is part of its type


def said_in(rows: Rows, since: datetime, until: datetime, team: str | None, *kinds: AnnotationKind) -> Rows:
    """What was said from `since` on and before `until`, joined with its case; without a team, in all workspaces.

    As for the figures, an agent's own reply counts only once somebody has confirmed it.
    """
    drafts = col(SuggestionRow.id) == col(AnnotationRow.suggestion_id)
    said = (
        rows.select_from(AnnotationRow)
        .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
        .join(SuggestionRow, drafts, isouter=True)
        .where(col(AnnotationRow.kind).in_(kinds), *STANDING)
        .where(col(AnnotationRow.created_at) >= since, col(AnnotationRow.created_at) < until)
        .where(col(CaseRow.status) != "withdrawn")
        .where(true() if team is None else col(CaseRow.team) == team)
        .where(or_(col(SuggestionRow.retired).is_(None), col(SuggestionRow.retired) != "withdrawn"))
    )
    confirmed = type_coerce(col(AnnotationRow.details), JSON)["confirmed"].as_boolean()
    return said.where(or_(col(AnnotationRow.kind) != "adoption", confirmed))


def detail(name: str) -> Any:
    """A field of an annotation's kind, as text."""
    return type_coerce(col(AnnotationRow.details), JSON)[name].as_string()
