"""What the figures of a period are computed from, counted in the rows themselves: slow where the period is long."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, and_, case, func, select, tuple_, type_coerce
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from core.annotations import AnnotationKind
from core.metrics.counted import Counted
from core.store.annotations import STANDING
from core.store.known import known_and_shown
from core.store.period import Period
from core.store.periods import detail, said_in
from core.store.tables import AnnotationRow, CaseRow, ReplyRow, SuggestionRow
from core.store.tables.types import UtcDateTime


def count(session: Session, since: datetime, until: datetime, team: str | None) -> Counted:
    """Everything but audits from `since` on and before `until`, of one workspace or of all."""
    period = Period(since, until, team)
    marks, outdated = _marks(session, period)
    posted = _posted(session, period)
    return Counted(
        adoptions=_adoptions(session, period),
        reasons=_reasons(session, since, until, team),
        edits=_edits(session, period),
        preferences=_preferences(session, period),
        marks=marks,
        outdated=outdated,
        known=known_and_shown(session, period),
        facts=Counter(_facts(one.candidates) for one in posted),
        verdicts=_verdicts(session, period),
        said=session.scalar(said_in(select(func.count()), since, until, team, *_ALL)) or 0,
        annotation_s=_latencies(session, period),
        between_s=_between(session, period),
        drafted=len(posted),
        unanswerable=sum(any(draft["source"] == "no_answer" for draft in one.candidates) for one in posted),
        annotated=_annotated(session, period),
        suggestion_s=tuple(_seconds(one.created_at, one.posted_at) for one in posted),
        reply_s=_replied(session, period),
    )


WITH_REASONS = ("rejected", "edited")
_ALL: tuple[AnnotationKind, ...] = ("preference", "adoption", "relevance", "gap")


def _candidate(place: int, name: str) -> Any:
    """A field of the draft in slot A (place 0) or B (place 1); NULL where there is none."""
    return type_coerce(col(SuggestionRow.body), JSON)[("candidates", place, name)].as_string()


def _adoptions(session: Session, period: Period) -> dict[Any, int]:
    """An own reply says nothing about the drafts until somebody confirms it."""
    fields = (detail("decision"), detail("slot"), _candidate(0, "source"), _candidate(1, "source"))
    confirmed = type_coerce(col(AnnotationRow.details), JSON)["confirmed"].as_boolean()
    rows = period.said(select(*fields, func.count()), "adoption").where(confirmed).group_by(*fields)
    return {(decision, slot, a, b): times for decision, slot, a, b, times in session.execute(rows)}


def _reasons(session: Session, since: datetime, until: datetime, team: str | None) -> dict[Any, int]:
    decision, reasons = detail("decision"), detail("reasons")
    rows = said_in(select(decision, reasons, func.count()), since, until, team, "adoption")
    given: Counter[Any] = Counter()
    for decided, codes, times in session.execute(rows.where(decision.in_(WITH_REASONS)).group_by(decision, reasons)):
        given[decided, tuple(json.loads(codes or "[]"))] += times
    return dict(given)


def _edits(session: Session, period: Period) -> tuple[float, ...]:
    distance = type_coerce(col(AnnotationRow.details), JSON)["edit_distance"].as_float()
    rows = period.said(select(distance), "adoption").where(detail("decision") == "edited", distance.is_not(None))
    return tuple(session.scalars(rows))


def _preferences(session: Session, period: Period) -> dict[Any, int]:
    champion = col(SuggestionRow.bundle)
    a, b = _candidate(0, "bundle"), _candidate(1, "bundle")
    challenger = case((and_(a == champion, b != champion), "b"), (and_(a != champion, b == champion), "a"))
    fields = (detail("chosen_slot"), challenger)
    rows = period.said(select(*fields, func.count()), "preference").group_by(*fields)
    return {(won, new): times for won, new, times in session.execute(rows)}


def _marks(session: Session, period: Period) -> tuple[dict[tuple[int, int], int], int]:
    """Helpful and marked snippets of each suggestion and day with a mark, counted; and how many are outdated.

    By day, so that what is counted of two days adds up.
    """
    fields = (col(AnnotationRow.suggestion_id), col(AnnotationRow.created_at), detail("label").label("label"))
    labels: dict[tuple[str, date], list[str]] = defaultdict(list)
    for one in session.execute(period.said(select(*fields), "relevance")):
        labels[one.suggestion_id, one.created_at.date()].append(one.label)
    marked = Counter((some.count("helpful"), len(some)) for some in labels.values())
    return dict(marked), sum(some.count("outdated") for some in labels.values())


def _verdicts(session: Session, period: Period) -> dict[Any, int]:
    judge = col(AnnotationRow.judge)
    rows = period.said(select(judge, func.count().label("times")), *_ALL).group_by(judge)
    return {one.judge: one.times for one in session.execute(rows)}


def _latencies(session: Session, period: Period) -> tuple[float, ...]:
    latency = col(AnnotationRow.latency_s)
    # A message of the agent's own is an answer to the case, not a word about the drafts.
    own = col(AnnotationRow.source) == "message"
    return tuple(session.scalars(period.said(select(latency), *_ALL).where(latency.is_not(None), ~own)))


def _between(session: Session, period: Period) -> tuple[float, ...]:
    """An agent's first annotation on a pair of drafts, which includes the reading, has none before it."""
    one, earlier = AnnotationRow, aliased(AnnotationRow)
    before = (
        select(func.max(col(earlier.created_at), type_=UtcDateTime))
        .where(col(earlier.suggestion_id) == col(one.suggestion_id), col(earlier.agent_id) == col(one.agent_id))
        .where(tuple_(col(earlier.created_at), col(earlier.id)) < tuple_(col(one.created_at), col(one.id)))
        .where(col(earlier.source) != "message", ~col(earlier.superseded), ~col(earlier.withdrawn))
        .scalar_subquery()
    )
    rows = period.said(select(col(one.created_at), before.label("before")), *_ALL)
    found = session.execute(rows.where(col(one.source) != "message"))
    return tuple(_seconds(row.before, row.created_at) for row in found if row.before is not None)


def _posted(session: Session, period: Period) -> list[Any]:
    """A row for each case with drafts on the screen, with the first of them."""
    candidates = type_coerce(col(SuggestionRow.body), JSON)["candidates"].as_json().label("candidates")
    return list(
        session.execute(period.cases(select(col(CaseRow.created_at), col(SuggestionRow.posted_at), candidates)))
    )


def _facts(candidates: Sequence[Any]) -> tuple[int, int]:
    """How many facts the drafts state and cite right, and how many they state."""
    stated = [one for draft in candidates for one in draft["report"]["sentences"] if one["states_fact"]]
    return sum(one["supported"] for one in stated), len(stated)


def _annotated(session: Session, period: Period) -> int:
    """The cases with drafts about which somebody but the author of a message has said something."""
    about = and_(col(AnnotationRow.case_id) == col(CaseRow.id), col(AnnotationRow.source) != "message", *STANDING)
    said = select(col(AnnotationRow.id)).where(about).exists()
    return session.scalar(period.cases(select(func.count())).where(said)) or 0


def _replied(session: Session, period: Period) -> tuple[float, ...]:
    first = func.min(col(ReplyRow.posted_at), type_=UtcDateTime).label("first")
    sent = and_(col(ReplyRow.case_id) == col(CaseRow.id), col(ReplyRow.state) == "posted")
    rows = period.cases(select(col(CaseRow.created_at), first)).join(ReplyRow, sent)
    grouped = rows.group_by(col(CaseRow.id), col(CaseRow.created_at))
    return tuple(_seconds(one.created_at, one.first) for one in session.execute(grouped))


def _seconds(begin: datetime, end: datetime) -> float:
    """Slack's clock and ours may differ a little: never negative."""
    return max(0.0, (end - begin).total_seconds())
