"""What the figures of a period are computed from, counted by the database."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, and_, case, func, or_, select, true, type_coerce
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import AnnotationKind
from core.metrics.counted import Counted
from core.store.annotations import STANDING
from core.store.audits import Audits
from core.store.database import Database
from core.store.tables import AnnotationRow, CaseRow, ReplyRow, SuggestionRow
from core.store.tables.types import UtcDateTime

Rows = Any  # a SELECT: how many columns it has is part of its type
_FIRST = 1  # the revision that a case gets by itself


class Metrics:
    """Reads one period of one workspace, or of all."""

    def __init__(self, database: Database, audits: Audits) -> None:
        self._database, self._audits = database, audits

    def counted(self, since: datetime, until: datetime, team: str | None = None) -> Counted:
        """Everything from `since` on and before `until`, as one state of the database."""
        period = _Period(since, until, team)
        with self._database.reading() as session:
            marks = _marks(session, period)
            posted = _posted(session, period)
            return Counted(
                adoptions=_adoptions(session, period),
                edits=_edits(session, period),
                preferences=_preferences(session, period),
                marks=Counter((one.helpful, one.marked) for one in marks),
                outdated=sum(one.outdated for one in marks),
                verdicts=_verdicts(session, period),
                audited=tuple(self._audits.answered(since, until, team)),
                annotation_s=_latencies(session, period),
                drafted=len(posted),
                unanswerable=sum(one.unanswerable for one in posted),
                annotated=_annotated(session, period),
                suggestion_s=tuple(_seconds(one.created_at, one.posted_at) for one in posted),
                reply_s=_replied(session, period),
            )


class _Period:
    """Conditions on rows of annotations and of cases."""

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
            .where(*self._team, _not_withdrawn())
        )

    def cases(self, rows: Rows) -> Rows:
        """The cases that came, each with its first drafts as far as they were posted."""
        drafts = and_(col(SuggestionRow.case_id) == col(CaseRow.id), col(SuggestionRow.revision) == _FIRST)
        return (
            rows.select_from(CaseRow)
            .join(SuggestionRow, drafts)
            .where(*self._within(col(CaseRow.created_at)), *self._team, _not_withdrawn())
            .where(col(SuggestionRow.posted_at).is_not(None))
        )

    def _within(self, moment: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return moment >= self._since, moment < self._until


_ALL: tuple[AnnotationKind, ...] = ("preference", "adoption", "relevance", "gap")


def _not_withdrawn() -> ColumnElement[bool]:
    return or_(col(SuggestionRow.retired).is_(None), col(SuggestionRow.retired) != "withdrawn")


def _detail(name: str) -> Any:
    return type_coerce(col(AnnotationRow.details), JSON)[name].as_string()


def _candidate(place: int, name: str) -> Any:
    """A field of the draft in slot A (place 0) or B (place 1); NULL where there is none."""
    return type_coerce(col(SuggestionRow.body), JSON)[("candidates", place, name)].as_string()


def _adoptions(session: Session, period: _Period) -> dict[Any, int]:
    """An own reply says nothing about the drafts until somebody confirms it."""
    fields = (_detail("decision"), _detail("slot"), _candidate(0, "source"), _candidate(1, "source"))
    confirmed = type_coerce(col(AnnotationRow.details), JSON)["confirmed"].as_boolean()
    rows = period.said(select(*fields, func.count()), "adoption").where(confirmed).group_by(*fields)
    return {(decision, slot, a, b): times for decision, slot, a, b, times in session.execute(rows)}


def _edits(session: Session, period: _Period) -> tuple[float, ...]:
    distance = type_coerce(col(AnnotationRow.details), JSON)["edit_distance"].as_float()
    rows = period.said(select(distance), "adoption").where(_detail("decision") == "edited", distance.is_not(None))
    return tuple(session.scalars(rows))


def _preferences(session: Session, period: _Period) -> dict[Any, int]:
    champion = col(SuggestionRow.bundle)
    a, b = _candidate(0, "bundle"), _candidate(1, "bundle")
    challenger = case((and_(a == champion, b != champion), "b"), (and_(a != champion, b == champion), "a"))
    fields = (_detail("chosen_slot"), challenger)
    rows = period.said(select(*fields, func.count()), "preference").group_by(*fields)
    return {(won, new): times for won, new, times in session.execute(rows)}


def _marks(session: Session, period: _Period) -> list[Any]:
    """A row of `helpful`, `outdated` and `marked` for each suggestion with a mark."""
    counts = (
        func.sum(case((_detail("label") == "helpful", 1), else_=0)).label("helpful"),
        func.sum(case((_detail("label") == "outdated", 1), else_=0)).label("outdated"),
        func.count().label("marked"),
    )
    return list(session.execute(period.said(select(*counts), "relevance").group_by(col(AnnotationRow.suggestion_id))))


def _verdicts(session: Session, period: _Period) -> dict[Any, int]:
    judge = col(AnnotationRow.judge)
    rows = period.said(select(judge, func.count().label("times")), *_ALL).group_by(judge)
    return {one.judge: one.times for one in session.execute(rows)}


def _latencies(session: Session, period: _Period) -> tuple[float, ...]:
    latency = col(AnnotationRow.latency_s)
    # A message of the agent's own is an answer to the case, not a word about the drafts.
    own = col(AnnotationRow.source) == "message"
    return tuple(session.scalars(period.said(select(latency), *_ALL).where(latency.is_not(None), ~own)))


def _posted(session: Session, period: _Period) -> list[Any]:
    """A row for each case with drafts on the screen; `unanswerable` where the first of them said so."""
    unanswerable = or_(
        func.coalesce(_candidate(0, "source"), "") == "no_answer",
        func.coalesce(_candidate(1, "source"), "") == "no_answer",
    )
    fields = (
        col(CaseRow.created_at),
        col(SuggestionRow.posted_at),
        case((unanswerable, 1), else_=0).label("unanswerable"),
    )
    return list(session.execute(period.cases(select(*fields))))


def _annotated(session: Session, period: _Period) -> int:
    """The cases with drafts about which somebody but the author of a message has said something."""
    about = and_(col(AnnotationRow.case_id) == col(CaseRow.id), col(AnnotationRow.source) != "message", *STANDING)
    said = select(col(AnnotationRow.id)).where(about).exists()
    return session.scalar(period.cases(select(func.count())).where(said)) or 0


def _replied(session: Session, period: _Period) -> tuple[float, ...]:
    first = func.min(col(ReplyRow.posted_at), type_=UtcDateTime).label("first")
    sent = and_(col(ReplyRow.case_id) == col(CaseRow.id), col(ReplyRow.state) == "posted")
    rows = period.cases(select(col(CaseRow.created_at), first)).join(ReplyRow, sent)
    grouped = rows.group_by(col(CaseRow.id), col(CaseRow.created_at))
    return tuple(_seconds(one.created_at, one.first) for one in session.execute(grouped))


def _seconds(begin: datetime, end: datetime) -> float:
    """Slack's clock and ours may differ a little: never negative."""
    return max(0.0, (end - begin).total_seconds())
