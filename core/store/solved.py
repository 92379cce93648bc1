"""Solved cases: adopted replies that may be suggested again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from core.redaction import MASKS
from core.solved_cases import question_of
from core.store.cases import Cases
from core.store.database import Database
from core.store.suggestions import Suggestions
from core.store.tables import AnnotationRow, CaseRow, SuggestionRow
from core.values import Case, SolvedCase, Suggestion


class Solved:
    """The port SolvedCaseStore. What a suggestion asked and cited never changes, so it is read once and kept."""

    def __init__(self, database: Database, cases: Cases, suggestions: Suggestions) -> None:
        self._database, self._cases, self._suggestions = database, cases, suggestions
        self._asked_and_cited: dict[str, tuple[str, tuple[str, ...]]] = {}

    def solved_cases(self) -> list[SolvedCase]:
        """Every standing adopted reply that may teach (as it is, edited, or a confirmed own reply), newest first."""
        found = []
        for annotation_id, case_id, suggestion_id, details in self._adoptions():
            if not _may_be_said_again(details):
                continue
            question, cited = self._question_and_citations(annotation_id, case_id, suggestion_id, details["slot"])
            found.append(SolvedCase(case_id, question, details["final"], cited))
        return found

    def _adoptions(self) -> list[tuple[str, str, str | None, dict[str, Any]]]:
        adoptions = (
            select(
                col(AnnotationRow.id),
                col(AnnotationRow.case_id),
                col(AnnotationRow.suggestion_id),
                col(AnnotationRow.details),
            )
            .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
            .outerjoin(SuggestionRow, col(SuggestionRow.id) == col(AnnotationRow.suggestion_id))
            .where(col(AnnotationRow.kind) == "adoption", col(CaseRow.status) != "withdrawn")
            .where(func.coalesce(col(SuggestionRow.retired), "") != "withdrawn")
            .where(col(AnnotationRow.superseded).is_(False), col(AnnotationRow.withdrawn).is_(False))
            .where(col(AnnotationRow.judge) != "held")
            .order_by(col(AnnotationRow.created_at).desc(), col(AnnotationRow.id).desc())
        )
        with self._database.reading() as session:
            return [(key, case, suggestion, details) for key, case, suggestion, details in session.execute(adoptions)]

    def _question_and_citations(
        self, annotation_id: str, case_id: str, suggestion_id: str | None, slot: str | None
    ) -> tuple[str, tuple[str, ...]]:
        if suggestion_id is None:
            return _question(self._cases.get(case_id)), ()
        if annotation_id not in self._asked_and_cited:
            suggestion = self._suggestions.get(suggestion_id)
            self._asked_and_cited[annotation_id] = _question(suggestion), _cited(suggestion, slot)
        return self._asked_and_cited[annotation_id]


def _may_be_said_again(details: dict[str, Any]) -> bool:
    """An adopted reply that may teach, with nothing masked in it: nobody can send `[email]` to a customer."""
    adopted = details["decision"] != "rejected" and details["confirmed"]
    return bool(adopted and details["final"]) and not any(mask in details["final"] for mask in MASKS)


def _question(asked: Case | Suggestion) -> str:
    """What the customer asked, as the memory compares it."""
    return question_of(asked.turns)


def _cited(suggestion: Suggestion, slot: str | None) -> tuple[str, ...]:
    numbers = {n for candidate in suggestion.candidates if candidate.slot == slot for n in candidate.citations}
    return tuple(one.snippet.id for one in suggestion.shown if one.rank in numbers)
