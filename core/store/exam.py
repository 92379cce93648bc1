"""Exam questions by article, and how each went the last time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import JSON, and_, or_, select, type_coerce, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.errors import UnknownQuestion
from core.ids import new_id
from core.knowledge.exam import ExamQuestion, ExamResult, Origin, heir_of
from core.store.database import Database, changed
from core.store.tables import ArticleRow, CaseRow, ExamQuestionRow, SuggestionRow
from core.values import Turn

_TURNS = type_coerce(col(SuggestionRow.body), JSON)["turns"]  # a small part of all that a suggestion holds


class Exam:
    """A question that was withdrawn, or whose case was, is not asked; nor is one whose article is retired.

    But where another article supersedes that one, it is asked of the other (`core/knowledge/rehearsal.py`).
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add_asked(self, article_id: str, suggestion_id: str, by: str) -> bool:
        """The conversation as this suggestion answered it, its words read where they are; False: it is one already."""
        key = f"{article_id} {suggestion_id}"
        return self._add(key, article_id, "asked", by, suggestion_id=suggestion_id)

    def add_text(self, article_id: str, text: str, origin: Origin, by: str) -> bool:
        """A question in words of its own, redacted already; False: it is one already, and is asked.

        One that was withdrawn is asked again, unless a machine made it up.
        """
        key = f"{article_id} {hashlib.sha256(text.encode()).hexdigest()}"
        taken_back = and_(col(ExamQuestionRow.key) == key, col(ExamQuestionRow.withdrawn_at).is_not(None))
        again = update(ExamQuestionRow).where(taken_back).values(origin=origin, withdrawn_by=None, withdrawn_at=None)
        with self._database.writing() as session:
            asked_again = origin != "synthetic" and changed(session, again) > 0
            return asked_again or self._add(key, article_id, origin, by, text=text)

    def withdraw(self, question_id: str, by: str) -> None:
        """It is not asked any more, and stays in the record. Raises UnknownQuestion."""
        of_it = and_(col(ExamQuestionRow.id) == question_id, col(ExamQuestionRow.withdrawn_at).is_(None))
        taken_back = update(ExamQuestionRow).where(of_it).values(withdrawn_by=by, withdrawn_at=self._clock())
        with self._database.writing() as session:
            if not changed(session, taken_back):
                raise UnknownQuestion(question_id)

    def questions(self, article_id: str | None = None) -> list[ExamQuestion]:
        """Those that can be asked now, by article and age; of one article, or of all."""
        wanted = (
            select(ExamQuestionRow, col(SuggestionRow.case_id), col(SuggestionRow.forgotten_at), _TURNS)
            .outerjoin(SuggestionRow, col(SuggestionRow.id) == col(ExamQuestionRow.suggestion_id))
            .outerjoin(CaseRow, col(CaseRow.id) == col(SuggestionRow.case_id))
            .where(col(ExamQuestionRow.withdrawn_at).is_(None))
            .where(or_(col(CaseRow.id).is_(None), col(CaseRow.status) != "withdrawn"))
            .order_by(col(ExamQuestionRow.article_id), col(ExamQuestionRow.added_at), col(ExamQuestionRow.id))
        )
        with self._database.reading() as session:
            kept = [_question(*row) for row in session.execute(wanted)]
            if not kept:
                return []
            live, heirs = _articles(session)
        asked = [(one, heir_of(one.article_id, live, heirs)) for one in kept]
        return [replace(one, article_id=of) for one, of in asked if of is not None and article_id in (None, of)]

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


def _articles(session: Session) -> tuple[set[str], dict[str, str]]:
    """The ids of articles in use, and by the id of each other one what supersedes it."""
    heir = type_coerce(col(ArticleRow.attributes), JSON)["superseded_by"].as_string()
    newest = select(col(ArticleRow.id), col(ArticleRow.retired), heir).where(col(ArticleRow.current).is_(True))
    rows = session.execute(newest).all()
    live = {article_id for article_id, retired, _ in rows if not retired}
    return live, {article_id: by for article_id, retired, by in rows if retired and by}


def _question(row: ExamQuestionRow, case_id: str | None, forgotten_at: datetime | None, turns: Any) -> ExamQuestion:
    return ExamQuestion(
        id=row.id,
        article_id=row.article_id,
        origin=next(one for one in get_args(Origin) if one == row.origin),
        suggestion_id=row.suggestion_id,
        case_id=case_id,
        turns=_turns(row, forgotten_at is not None, turns),
        passed=row.passed,
        rank=row.rank,
        passed_once=row.passed_once,
    )


def _turns(row: ExamQuestionRow, forgotten: bool, turns: Any) -> tuple[Turn, ...]:
    if row.suggestion_id is None:
        return (Turn("customer", row.text),)
    return () if forgotten else tuple(Turn(turn["role"], turn["text"]) for turn in turns)
