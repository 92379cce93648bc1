"""Solved cases: adopted replies that may be suggested again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, and_, bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.redaction import MASKS
from core.solved_cases import question_of
from core.store.database import Database, chunks
from core.store.tables import AnnotationRow, CaseRow, SolvedCaseRow, SuggestionRow, Table, TurnRow
from core.values import SolvedCase, Turn

_STORED = "<f2"  # half precision moves a cosine by some 0.0001, and halves what has to be read at a start
_STANDS = and_(
    col(AnnotationRow.superseded).is_(False),
    col(AnnotationRow.withdrawn).is_(False),
    col(AnnotationRow.judge) != "held",
    col(CaseRow.status) != "withdrawn",
    func.coalesce(col(SuggestionRow.retired), "") != "withdrawn",
)


@dataclass(frozen=True, slots=True)
class _Adoption:
    """What a solved case is made of. `body`: the suggestion it belongs to, {} where there was none."""

    place: int
    case_id: str
    created_at: datetime
    details: Mapping[str, Any]
    body: Mapping[str, Any]


class Solved:
    """The port SolvedCaseStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def arrived(self, after: int) -> list[int]:
        """The places after that one, ascending; 0 is before the first."""
        newer = select(col(SolvedCaseRow.id)).where(col(SolvedCaseRow.id) > after).order_by(col(SolvedCaseRow.id))
        with self._database.reading() as session:
            return list(session.scalars(newer))

    def vectors(self, places: Sequence[int], embedder: str) -> dict[int, NDArray[np.float32]]:
        """The kept vectors of their questions that this version of the embedder made."""
        row = SolvedCaseRow
        kept = select(col(row.id), col(row.vector)).where(col(row.embedder) == embedder)
        found: dict[int, NDArray[np.float32]] = {}
        with self._database.reading() as session:
            for some in chunks(places):
                for place, vector in session.execute(kept.where(col(row.id).in_(some))):
                    assert place is not None and vector is not None  # both are set together
                    found[place] = np.frombuffer(vector, dtype=_STORED).astype(np.float32)
        return found

    def keep_vectors(self, vectors: Mapping[int, NDArray[np.float32]], embedder: str) -> None:
        """Keeps them in place of those of another version."""
        table = Table.metadata.tables[str(SolvedCaseRow.__tablename__)]
        keep = update(table).where(table.c.id == bindparam("place")).values(embedder=embedder, vector=bindparam("v"))
        rows = [{"place": place, "v": vector.astype(_STORED).tobytes()} for place, vector in vectors.items()]
        if rows:
            with self._database.writing() as session:
                session.connection().execute(keep, rows)

    def questions(self, places: Sequence[int]) -> dict[int, str]:
        """What was asked, of those that have words, whether they stand or not."""
        with self._database.reading() as session:
            asked = {one.place: _question(session, one) for one in _adoptions(session, places)}
        return {place: question for place, question in asked.items() if question.strip()}

    def standing(self, places: Sequence[int]) -> dict[int, SolvedCase]:
        """Those that may be said again now."""
        found: dict[int, SolvedCase] = {}
        with self._database.reading() as session:
            for one in _adoptions(session, places, only_standing=True):
                question = _question(session, one)
                if _may_be_said_again(one.details) and question.strip():
                    found[one.place] = SolvedCase(one.case_id, question, one.details["final"], _cited(one))
        return found


def _adoptions(session: Session, places: Sequence[int], only_standing: bool = False) -> Iterator[_Adoption]:
    for some in chunks(places):
        of_these = _with_suggestion().where(col(SolvedCaseRow.id).in_(some))
        for place, case_id, created_at, details, body in session.execute(
            of_these.where(_STANDS) if only_standing else of_these
        ):
            yield _Adoption(place, case_id, created_at, details, body or {})


def _with_suggestion() -> Select[tuple[int, str, datetime, dict[str, Any], dict[str, Any] | None]]:
    return (
        select(
            col(SolvedCaseRow.id),
            col(AnnotationRow.case_id),
            col(AnnotationRow.created_at),
            col(AnnotationRow.details),
            col(SuggestionRow.body),
        )
        .join(AnnotationRow, col(AnnotationRow.id) == col(SolvedCaseRow.annotation_id))
        .join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
        .outerjoin(SuggestionRow, col(SuggestionRow.id) == col(AnnotationRow.suggestion_id))
    )


def _question(session: Session, one: _Adoption) -> str:
    """What the customer had asked, as the memory compares it; "" where no words are left."""
    if one.body:
        turns = [Turn(turn["role"], turn["text"]) for turn in one.body["turns"]]
    else:
        turns = _said_before(session, one.case_id, one.created_at)
    return question_of(turns) if turns else ""


def _said_before(session: Session, case_id: str, moment: datetime) -> list[Turn]:
    """The turns up to a reply of an agent's own that no suggestion belongs to."""
    turns = (
        select(TurnRow)
        .where(col(TurnRow.case_id) == case_id, col(TurnRow.removed).is_(False), col(TurnRow.at) <= moment)
        .order_by(col(TurnRow.at), col(TurnRow.id))
    )
    return [Turn(row.role, row.text) for row in session.scalars(turns)]  # type: ignore[arg-type]


def _may_be_said_again(details: Mapping[str, Any]) -> bool:
    """An adopted reply that may teach, with nothing masked in it: nobody can send `[email]` to a customer."""
    adopted = details["decision"] != "rejected" and details["confirmed"]
    return bool(adopted and details["final"]) and not any(mask in details["final"] for mask in MASKS)


def _cited(one: _Adoption) -> tuple[str, ...]:
    """The snippets that the adopted candidate cites."""
    if not one.body:
        return ()
    numbers = {
        number
        for candidate in one.body["candidates"]
        if candidate["slot"] == one.details["slot"]
        for sentence in candidate["report"]["sentences"]
        for number in sentence["citations"]
    }
    return tuple(shown["snippet"]["id"] for shown in one.body["shown"] if shown["rank"] in numbers)
