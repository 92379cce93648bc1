"""Which of an agent's annotations taught a version, and which articles answer what they reported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Select, and_, func, literal, select, true, type_coerce
from sqlmodel import col

from core.annotations import KINDS, AnnotationKind
from core.own_feedback import OwnArticle
from core.store.database import Database
from core.store.tables import (
    AnnotationRow,
    ArticleRow,
    BundleLessonRow,
    CaseRow,
    GapCheckRow,
    GapGroupRow,
    GapMemberRow,
)
from core.store.tables.annotations import STANDING_GAP

Rows = Any  # a SELECT: how many columns it has is part of its type
_CURRENT = and_(col(ArticleRow.current).is_(True), col(ArticleRow.retired).is_(False))


class OwnFeedback:
    """Read only. Of one workspace: an agent is who they are there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def taught(self, team: str, agent: str, version: int) -> dict[AnnotationKind, int]:
        """How many of their annotations taught it, by kind; {} where none did."""
        kind = col(AnnotationRow.kind)
        theirs = _lessons(select(kind, func.count().label("times")), team, version).where(
            col(AnnotationRow.agent_id) == agent
        )
        with self._database.reading() as session:
            counted = {one.kind: one.times for one in session.execute(theirs.group_by(kind))}
        return {known: counted[known] for known in KINDS if known in counted}

    def lessons(self, version: int) -> int:
        """How many annotations taught it, whoever made them."""
        of_it = select(func.count()).where(col(BundleLessonRow.version) == version)
        with self._database.reading() as session:
            return session.scalar(of_it) or 0

    def teachers(self, team: str, version: int) -> set[str]:
        """The agents whose annotations taught it."""
        with self._database.reading() as session:
            return set(session.scalars(_lessons(select(col(AnnotationRow.agent_id)).distinct(), team, version)))

    def channels(self, team: str, agent: str) -> set[str]:
        """Where this agent has said something."""
        theirs = select(col(CaseRow.channel)).distinct().join(AnnotationRow)
        with self._database.reading() as session:
            return set(session.scalars(theirs.where(col(CaseRow.team) == team, col(AnnotationRow.agent_id) == agent)))

    def articles(self, team: str, agent: str | None = None) -> list[OwnArticle]:
        """Articles that answer standing reports, newest first, each once per agent; of one agent, or of all."""
        with self._database.reading() as session:
            rows = [*session.execute(_published(team, agent)), *session.execute(_found(team, agent))]
        found: dict[tuple[str, str], OwnArticle] = {}
        for one in sorted((OwnArticle(*row) for row in rows), key=lambda one: (one.at, one.article_id)):
            found[one.agent, one.article_id] = one
        return [*reversed(found.values())]


def _lessons(rows: Rows, team: str, version: int) -> Rows:
    return (
        rows.select_from(BundleLessonRow)
        .join(AnnotationRow, col(AnnotationRow.id) == col(BundleLessonRow.annotation_id))
        .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
        .where(col(BundleLessonRow.version) == version, col(CaseRow.team) == team)
    )


def _published(team: str, agent: str | None) -> Select[Any]:
    """Written for a group of reports that a person has approved the article of."""
    return (
        _answered(col(GapGroupRow.changed_at), was_missing=True)
        .join(GapMemberRow, col(GapMemberRow.annotation_id) == col(AnnotationRow.id))
        .join(GapGroupRow, col(GapGroupRow.id) == col(GapMemberRow.group_id))
        .join(ArticleRow, and_(col(ArticleRow.id) == col(GapGroupRow.article_id), _CURRENT))
        .where(col(GapGroupRow.status) == "resolved", *_of(team, agent))
    )


def _found(team: str, agent: str | None) -> Select[Any]:
    """Reported as not found, and found now."""
    status = type_coerce(col(AnnotationRow.details), JSON)["status"].as_string()
    return (
        _answered(col(GapCheckRow.at), was_missing=False)
        .join(GapCheckRow, col(GapCheckRow.annotation_id) == col(AnnotationRow.id))
        .join(ArticleRow, and_(col(ArticleRow.id) == col(GapCheckRow.article_id), _CURRENT))
        .where(status == "resolved", *_of(team, agent))
    )


def _answered(at: Any, *, was_missing: bool) -> Select[Any]:
    return (
        select(
            col(AnnotationRow.agent_id),
            col(ArticleRow.id),
            col(ArticleRow.title),
            col(ArticleRow.url),
            literal(was_missing),
            at,
        )
        .select_from(AnnotationRow)
        .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
    )


def _of(team: str, agent: str | None) -> tuple[Any, ...]:
    theirs = true() if agent is None else col(AnnotationRow.agent_id) == agent
    return STANDING_GAP, col(CaseRow.team) == team, col(CaseRow.status) != "withdrawn", theirs
