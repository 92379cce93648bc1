"""Exam questions by article, and how each went the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import get_args

from sqlalchemy import and_, or_, select, update
from sqlmodel import col

from core.clock import Clock
from core.ids import new_id
from core.knowledge.exam import ExamQuestion, ExamResult, Origin
from core.store.database import Database, changed
from core.store.tables import ArticleRow, CaseRow, ExamQuestionRow, SuggestionRow
from core.values import Turn

_OF_CURRENT = and_(
    col(ArticleRow.id) == col(ExamQuestionRow.article_id),
    col(ArticleRow.current).is_(True),
    col(ArticleRow.retired).is_(False),
)


class Exam:
    """A question whose case was withdrawn, or whose article is retired, is not asked."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add_asked(self, article_id: str, suggestion_id: str, by: str) -> bool:
        """The conversation as this suggestion answered it, its words read where they are; False: it is one already."""
        key = f"{article_id} {suggestion_id}"
        return self._add(key, article_id, "asked", by, suggestion_id=suggestion_id)

    def add_text(self, article_id: str, text: str, origin: Origin, by: str) -> bool:
        """A question in words of its own, redacted already; False: it is one already."""
        key = f"{article_id} {hashlib.sha256(text.encode()).hexdigest()}"
        return self._add(key, article_id, origin, by, text=text)

    def questions(self, article_id: str | None = None) -> list[ExamQuestion]:
        """Those that can be asked now, by article and age; of one article, or of all."""
        wanted = (
            select(ExamQuestionRow, SuggestionRow)
            .join(ArticleRow, _OF_CURRENT)
            .outerjoin(SuggestionRow, col(SuggestionRow.id) == col(ExamQuestionRow.suggestion_id))
            .outerjoin(CaseRow, col(CaseRow.id) == col(SuggestionRow.case_id))
            .where(or_(col(CaseRow.id).is_(None), col(CaseRow.status) != "withdrawn"))
            .order_by(col(ExamQuestionRow.article_id), col(ExamQuestionRow.added_at), col(ExamQuestionRow.id))
        )
        if article_id is not None:
            wanted = wanted.where(col(ExamQuestionRow.article_id) == article_id)
        with self._database.reading() as session:
            return [_question(row, suggestion) for row, suggestion in session.execute(wanted)]

    def keep(self, results: Iterable[ExamResult], bundle: str) -> None:
        """How questions went; what was passed once is remembered for good."""
        now = self._clock()
        with self._database.writing() as session:
            for one in results:
                values = {"passed": one.passed, "rank": one.rank, "bundle": bundle, "asked_at": now}
                once = {"passed_once": True} if one.passed else {}
                of_it = col(ExamQuestionRow.id) == one.question.id
                changed(session, update(ExamQuestionRow).where(of_it).values(**values, **once))

    def _add(
        self, key: str, article_id: str, origin: Origin, by: str, suggestion_id: str | None = None, text: str = ""
    ) -> bool:
        row = ExamQuestionRow(
            id=new_id("exam"),
            key=key,
            article_id=article_id,
            origin=origin,
            suggestion_id=suggestion_id,
            text=text,
            by=by,
            added_at=self._clock(),
        )
        with self._database.writing() as session:
            return self._database.insert_new(session, row)


def _question(row: ExamQuestionRow, suggestion: SuggestionRow | None) -> ExamQuestion:
    return ExamQuestion(
        id=row.id,
        article_id=row.article_id,
        origin=next(one for one in get_args(Origin) if one == row.origin),
        suggestion_id=row.suggestion_id,
        case_id=None if suggestion is None else suggestion.case_id,
        turns=_turns(row, suggestion),
        passed=row.passed,
        rank=row.rank,
        passed_once=row.passed_once,
    )


def _turns(row: ExamQuestionRow, suggestion: SuggestionRow | None) -> tuple[Turn, ...]:
    if suggestion is None:
        return (Turn("customer", row.text),)
    if suggestion.forgotten_at is not None:
        return ()
    return tuple(Turn(turn["role"], turn["text"]) for turn in suggestion.body["turns"])
