"""Causes of bad outcomes: one row per suggestion, replaced when more is said about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar, get_args

from sqlalchemy import ColumnElement, delete, func, or_, select, true, update
from sqlmodel import col

from core.causes import Attribution, Cause, Listed, Outcome
from core.clock import Clock
from core.store.database import Database, changed, chunks
from core.store.tables import AnnotationRow, ArticleRow, CaseRow, CauseRow, SuggestionRow

Name = TypeVar("Name", bound=str)


class Causes:
    """Whoever replays writes; everybody may look. What belongs to a withdrawn case or suggestion is not listed."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def keep(self, found: Attribution) -> None:
        """In place of what was found before for this suggestion."""
        values = {**asdict(found), "computed_at": self._clock()}
        with self._database.writing() as session:
            if not self._database.insert_new(session, CauseRow(**values)):
                this = col(CauseRow.suggestion_id) == found.suggestion_id
                changed(session, update(CauseRow).where(this).values(**values))

    def drop(self, suggestion_id: str) -> None:
        """It is no bad outcome any more: what was said was taken back."""
        with self._database.writing() as session:
            changed(session, delete(CauseRow).where(col(CauseRow.suggestion_id) == suggestion_id))

    def bases(self, suggestion_ids: Iterable[str]) -> dict[str, str]:
        """By suggestion id, of those whose cause is known, what it rests on."""
        rows = select(col(CauseRow.suggestion_id), col(CauseRow.basis))
        found: dict[str, str] = {}
        with self._database.reading() as session:
            for some in chunks(list(suggestion_ids)):
                of_these = rows.where(col(CauseRow.suggestion_id).in_(some))
                found.update((suggestion_id, basis) for suggestion_id, basis in session.execute(of_these))
        return found

    def said_about(self, since: datetime) -> dict[str, str]:
        """By id of a suggestion about which something was said from then on its case; the newest word first.

        None of withdrawn cases, of withdrawn suggestions, or without their words.
        """
        newest = func.max(col(AnnotationRow.created_at))
        rows = (
            select(col(SuggestionRow.id), col(SuggestionRow.case_id))
            .join(AnnotationRow, col(AnnotationRow.suggestion_id) == col(SuggestionRow.id))
            .join(CaseRow, col(CaseRow.id) == col(SuggestionRow.case_id))
            .where(col(AnnotationRow.kind).in_(("adoption", "relevance", "gap")))
            .where(col(AnnotationRow.created_at) >= since, col(SuggestionRow.forgotten_at).is_(None))
            .where(col(CaseRow.status) != "withdrawn", _DRAFTS_STAND)
            .group_by(col(SuggestionRow.id), col(SuggestionRow.case_id))
            .order_by(newest.desc(), col(SuggestionRow.id))
        )
        with self._database.reading() as session:
            return {one.id: one.case_id for one in session.execute(rows)}

    def listed(self, since: datetime, until: datetime, team: str | None = None) -> list[Listed]:
        """Bad outcomes from `since` on and before `until`, newest first; of one workspace, or without one of all."""
        rows: Any = (
            select(
                CauseRow, *(_of_drafts(one) for one in (SuggestionRow.case_id, SuggestionRow.channel, SuggestionRow.ts))
            )
            .where(col(CauseRow.said_at) >= since, col(CauseRow.said_at) < until, _stands(team))
            .order_by(col(CauseRow.said_at).desc(), col(CauseRow.suggestion_id))
        )
        with self._database.reading() as session:
            return [
                Listed(_attribution(row), case_id, channel or "", ts or "")
                for row, case_id, channel, ts in session.execute(rows)
            ]

    def last_computed(self) -> datetime | None:
        """When a cause was found last; None before the first."""
        with self._database.reading() as session:
            return session.scalar(select(func.max(col(CauseRow.computed_at))))

    def first_added(self, article_ids: Iterable[str]) -> dict[str, datetime]:
        """By article id the moment at which its first version came into the knowledge base."""
        rows = select(col(ArticleRow.id), func.min(col(ArticleRow.added_at))).group_by(col(ArticleRow.id))
        found: dict[str, datetime] = {}
        with self._database.reading() as session:
            for some in chunks(sorted(set(article_ids))):
                of_these = rows.where(col(ArticleRow.id).in_(some))
                found.update((article_id, at) for article_id, at in session.execute(of_these))
        return found


_DRAFTS_STAND = or_(col(SuggestionRow.retired).is_(None), col(SuggestionRow.retired) != "withdrawn")


# Looked up for each cause of the time in question: joined, SQLite goes through all drafts or cases for their causes.
def _of_drafts(column: Any) -> Any:
    return select(col(column)).where(col(SuggestionRow.id) == col(CauseRow.suggestion_id)).scalar_subquery()


def _stands(team: str | None) -> ColumnElement[bool]:
    of_team = true() if team is None else col(CaseRow.team) == team
    drafts = (
        select(col(SuggestionRow.id))
        .join(CaseRow, col(CaseRow.id) == col(SuggestionRow.case_id))
        .where(col(SuggestionRow.id) == col(CauseRow.suggestion_id))
        .where(_DRAFTS_STAND, col(CaseRow.status) != "withdrawn", of_team)
    )
    return drafts.exists()


def _attribution(row: CauseRow) -> Attribution:
    values = row.model_dump(exclude={"computed_at"})
    outcome: Outcome = _one_of(get_args(Outcome), row.outcome)
    cause: Cause = _one_of(get_args(Cause), row.cause)
    return Attribution(**{**values, "outcome": outcome, "cause": cause})


def _one_of(names: Iterable[Name], stored: str) -> Name:
    return next(one for one in names if one == stored)
