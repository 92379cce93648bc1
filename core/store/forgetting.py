"""The words of old cases are removed, their labels stay: who said what about which draft and snippet, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import (
    AnnotationRow,
    CaseRow,
    GapDraftRow,
    GapGroupRow,
    GapMemberRow,
    ReplyRow,
    RulingRow,
    SolvedCaseRow,
    SuggestionRow,
    TurnRow,
)
from core.store.tables.cases import WITH_WORDS

# What a person has typed, by the annotation's field. A link is no raw text: it names a source.
_WORDS: Mapping[str, str | None] = {"draft": None, "final": None, "rationale": None, "description": ""}


class Forgetting:
    """Removes words, a few cases in each transaction, so that nobody waits for long."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def forget(self, before: datetime, limit: int) -> int:
        """Removes the words of at most `limit` cases in which nothing has happened since then; tells of how many.

        Conversations, queries, drafts, replies, rationales and descriptions go, and the vectors made from them; drafts
        of articles go too, with what people called their gaps. Slots, strengths, decisions, reasons, relevance labels,
        times and counts stay.
        """
        old = _old_cases(before).limit(limit)
        # Looked before leaping: where nothing is old no write lock is taken.
        with self._database.reading() as session:
            if session.scalars(old).first() is None:
                return 0
        with self._database.writing() as session:
            case_ids = session.scalars(old.with_for_update(skip_locked=True, of=CaseRow)).all()
            self._forget(session, case_ids)
            return len(case_ids)

    def take_back(self, suggestion_ids: Sequence[str]) -> None:
        """Removes the words of suggestions that were drafted from what its author has deleted since."""
        about = select(col(AnnotationRow.id)).where(col(AnnotationRow.suggestion_id).in_(suggestion_ids))
        with self._database.writing() as session:
            _forget_suggestions(session, col(SuggestionRow.id).in_(suggestion_ids), self._clock())
            changed(session, delete(SolvedCaseRow).where(col(SolvedCaseRow.annotation_id).in_(about)))

    def _forget(self, session: Session, case_ids: Sequence[str]) -> None:
        now = self._clock()
        _forget_suggestions(session, col(SuggestionRow.case_id).in_(case_ids), now)
        _forget_annotations(session, case_ids)
        of_turns, of_replies = col(TurnRow.case_id).in_(case_ids), col(ReplyRow.case_id).in_(case_ids)
        changed(session, update(TurnRow).where(of_turns).values(text=""))
        changed(session, update(ReplyRow).where(of_replies).values(text=""))
        changed(session, update(CaseRow).where(col(CaseRow.id).in_(case_ids)).values(forgotten_at=now))


def _old_cases(before: datetime) -> Select[str]:
    """The ids of cases that still have words, and where everything that happened was before then; oldest first."""
    return (
        select(col(CaseRow.id))
        .where(WITH_WORDS, col(CaseRow.created_at) < before)
        .where(
            ~_since(TurnRow, or_(col(TurnRow.at) >= before, col(TurnRow.edited_at) >= before)),
            ~_since(SuggestionRow, col(SuggestionRow.created_at) >= before),
            ~_since(AnnotationRow, col(AnnotationRow.created_at) >= before),
            ~_since(ReplyRow, col(ReplyRow.created_at) >= before),
        )
        .order_by(col(CaseRow.created_at))
    )


def _since(
    table: type[TurnRow] | type[SuggestionRow] | type[AnnotationRow] | type[ReplyRow], later: ColumnElement[bool]
) -> ColumnElement[bool]:
    return select(col(table.id)).where(and_(col(table.case_id) == col(CaseRow.id), later)).exists()


def _forget_suggestions(session: Session, those: ColumnElement[bool], now: datetime) -> None:
    for row in session.scalars(select(SuggestionRow).where(those)):
        row.body, row.forgotten_at = _without_words(row.body), row.forgotten_at or now
    session.flush()


def _forget_annotations(session: Session, case_ids: Sequence[str]) -> None:
    annotations = session.scalars(select(AnnotationRow).where(col(AnnotationRow.case_id).in_(case_ids))).all()
    for row in annotations:
        row.details = {name: _WORDS.get(name, value) for name, value in row.details.items()}
        row.forgotten = True
    session.flush()
    ids = [row.id for row in annotations]
    for ruling in session.scalars(select(RulingRow).where(col(RulingRow.annotation_id).in_(ids))):
        ruling.findings = [{**finding, "reason": ""} for finding in ruling.findings]  # a reason may quote
    session.flush()
    _forget_drafts(session, ids)
    # A vector says much of what its text said.
    changed(session, delete(SolvedCaseRow).where(col(SolvedCaseRow.annotation_id).in_(ids)))


def _forget_drafts(session: Session, report_ids: Sequence[str]) -> None:
    """What an article was drafted from; an approved article is knowledge, and stays."""
    groups = select(col(GapMemberRow.group_id)).where(col(GapMemberRow.annotation_id).in_(report_ids))
    of_these = col(GapDraftRow.group_id).in_(groups)
    changed(session, update(GapDraftRow).where(of_these).values(title="", body="", flags=[]))
    of_groups = col(GapGroupRow.id).in_(groups)
    changed(session, update(GapGroupRow).where(of_groups).values(name="", reason=""))


def _without_words(body: Mapping[str, Any]) -> dict[str, Any]:
    """A suggestion's body with every label: how many turns, who spoke, which styles, citations, snippets and marks."""
    return {
        **body,
        "turns": [{**turn, "text": ""} for turn in body["turns"]],
        "query": "",
        "candidates": [_candidate_without_words(candidate) for candidate in body["candidates"]],
        "similar": [{**case, "question": "", "reply": ""} for case in body["similar"]],
    }


def _candidate_without_words(candidate: Mapping[str, Any]) -> dict[str, Any]:
    report = candidate["report"]
    sentences = [{**sentence, "text": "", "reason": ""} for sentence in report["sentences"]]
    return {**candidate, "text": "", "report": {**report, "sentences": sentences}}
