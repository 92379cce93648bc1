"""Cases and their turns. Every turn is redacted as it comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.errors import UnknownCase
from core.ids import new_id
from core.store.changed_days import count_again
from core.store.database import Database, changed
from core.store.tables import CaseRow, TurnRow
from core.values import Case, CaseStatus, Role, Turn
from core.words import wording

REMOVED_TEXT = "[deleted]"


class Cases:
    """One customer's question per thread; the first click that answers it wins."""

    def __init__(self, database: Database, clock: Clock, redact: Callable[[str], str]) -> None:
        self._database, self._clock, self._redact = database, clock, redact

    def open(
        self, team: str, channel: str, thread_ts: str, author: str, turn: Turn, edited_at: datetime | None = None
    ) -> tuple[Case, bool]:
        """The case of this thread, and whether this call made it. `edited_at`: when its words were last changed."""
        row = CaseRow(
            id=new_id("case"), team=team, channel=channel, thread_ts=thread_ts, author=author, created_at=self._clock()
        )
        first = self._turn_row(row.id, turn, edited_at)
        with self._database.writing() as session:
            made = self._database.insert_new(session, row)
            if made:
                self._database.insert_new(session, first)
            here = (col(CaseRow.team) == team, col(CaseRow.channel) == channel, col(CaseRow.thread_ts) == thread_ts)
            return _case(session, session.scalars(select(CaseRow).where(*here)).one()), made

    def get(self, case_id: str) -> Case:
        """Raises UnknownCase."""
        with self._database.reading() as session:
            row = session.get(CaseRow, case_id)
            if row is None:
                raise UnknownCase(case_id)
            return _case(session, row)

    def status(self, case_id: str) -> CaseStatus:
        """Raises UnknownCase."""
        with self._database.reading() as session:
            status = session.scalar(select(col(CaseRow.status)).where(col(CaseRow.id) == case_id))
        if status is None:
            raise UnknownCase(case_id)
        return status  # type: ignore[return-value]

    def hold(self, case_id: str) -> Case:
        """The case; inside a transaction nobody else holds it until that is over. Raises UnknownCase."""
        held = select(CaseRow).where(col(CaseRow.id) == case_id).with_for_update(key_share=True)
        with self._database.writing() as session:
            row = session.scalars(held).one_or_none()
            if row is None:
                raise UnknownCase(case_id)
            return _case(session, row)

    def by_thread(self, team: str, channel: str, thread_ts: str) -> Case | None:
        """The case of this thread, if it is one."""
        here = (col(CaseRow.team) == team, col(CaseRow.channel) == channel, col(CaseRow.thread_ts) == thread_ts)
        with self._database.reading() as session:
            row = session.scalars(select(CaseRow).where(*here)).one_or_none()
            return None if row is None else _case(session, row)

    def threads(self, team: str, channel: str, since_ts: str) -> dict[str, CaseStatus]:
        """The cases of a channel whose root message is not older, by its ts, oldest first."""
        newer = (col(CaseRow.team) == team, col(CaseRow.channel) == channel, col(CaseRow.thread_ts) >= since_ts)
        asked = select(col(CaseRow.thread_ts), col(CaseRow.status)).where(*newer).order_by(col(CaseRow.thread_ts))
        with self._database.reading() as session:
            return {row.thread_ts: row.status for row in session.execute(asked)}

    def find(self, team: str, text: str) -> Case | None:
        """The case of this workspace that a person means: its id in any case, with or without `case_`."""
        wanted = text.strip().lower()
        with self._database.reading() as session:
            for case_id in (wanted, f"case_{wanted}"):
                row = session.get(CaseRow, case_id)
                if row is not None and row.team == team:
                    return _case(session, row)
        return None

    def newest_in(self, team: str, channel: str, limit: int = 100) -> list[Case]:
        """The newest cases of a channel, newest first."""
        here = (col(CaseRow.team) == team, col(CaseRow.channel) == channel)
        newest = select(CaseRow).where(*here).order_by(col(CaseRow.created_at).desc(), col(CaseRow.id)).limit(limit)
        with self._database.reading() as session:
            return [_case(session, row) for row in session.scalars(newest).all()]

    def channels(self, team: str) -> set[str]:
        """Every channel of a workspace that ever had a case."""
        with self._database.reading() as session:
            return set(session.scalars(select(col(CaseRow.channel)).where(col(CaseRow.team) == team).distinct()))

    def recent(self, limit: int) -> list[Case]:
        """The newest cases, newest first."""
        with self._database.reading() as session:
            rows = session.scalars(
                select(CaseRow).order_by(col(CaseRow.created_at).desc(), col(CaseRow.id)).limit(limit)
            )
            return [_case(session, row) for row in rows.all()]

    def ids(self) -> list[str]:
        """The id of every case, oldest first."""
        with self._database.reading() as session:
            return list(session.scalars(select(col(CaseRow.id)).order_by(col(CaseRow.created_at), col(CaseRow.id))))

    def count(self) -> int:
        """How many cases there are."""
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(CaseRow)) or 0

    def add_turn(self, case_id: str, turn: Turn, edited_at: datetime | None = None) -> bool:
        """True if it is new; False if a turn with its key is there, or was and has been removed.

        `edited_at`: when its words were last changed. Raises UnknownCase.
        """
        row = self._turn_row(case_id, turn, edited_at)
        with self._database.writing() as session:
            if session.get(CaseRow, case_id) is None:
                raise UnknownCase(case_id)
            return self._database.insert_new(session, row) and _has_words_again(session, case_id)

    def has_turn(self, case_id: str, key: str) -> bool:
        """Whether this message is, or was, a turn of the case."""
        this = (col(TurnRow.case_id) == case_id, col(TurnRow.key) == key)
        with self._database.reading() as session:
            return session.scalars(select(col(TurnRow.id)).where(*this)).first() is not None

    def edit_turn(self, case_id: str, key: str, text: str, at: datetime | None = None) -> bool:
        """True if there is such a turn and it says something else now; tidied words are kept too, but give False.

        An edit made before the words that stand (`at`, default: now) changes nothing, however late it comes.
        """
        at = at or self._clock()
        this = (col(TurnRow.case_id) == case_id, col(TurnRow.key) == key, col(TurnRow.removed).is_(False))
        with self._database.writing() as session:
            turn = session.scalars(select(TurnRow).where(*this).with_for_update()).one_or_none()
            if turn is None or (turn.edited_at is not None and turn.edited_at > at):
                return False
            before, turn.text, turn.edited_at = turn.text, self._redact(text), at
            session.flush()
            _has_words_again(session, case_id)
            return wording(turn.text) != wording(before)

    def remove_turn(self, case_id: str, key: str) -> None:
        """Forgets the words of a turn, also of one that comes later. The first turn of a case stays, as `[deleted]`."""
        with self._database.writing() as session:
            turns = session.scalars(_turns(case_id)).all()
            for turn in turns:
                if turn.key == key:
                    turn.removed = turn is not turns[0]
                    turn.text = "" if turn.removed else REMOVED_TEXT
            session.flush()
            mark = TurnRow(case_id=case_id, key=key, role="customer", text="", at=self._clock(), removed=True)
            self._database.insert_new(session, mark)

    def answer(self, case_id: str, agent_id: str, key: str) -> bool:
        """Marks the case as answered by this click; False if another click was first, or the case is withdrawn.

        True again for the click that answered it. Raises UnknownCase.
        """
        first = (
            update(CaseRow)
            .where(col(CaseRow.id) == case_id, col(CaseRow.status) == "open")
            .values(status="answered", answered_by=agent_id, answer_key=key)
        )
        with self._database.writing() as session:
            if changed(session, first):
                return True
            row = session.get(CaseRow, case_id)
            if row is None:
                raise UnknownCase(case_id)
            return row.status == "answered" and row.answer_key == key

    def reopen(self, case_id: str, key: str) -> bool:
        """Takes an answer back, if it was this click's."""
        statement = (
            update(CaseRow)
            .where(col(CaseRow.id) == case_id, col(CaseRow.status) == "answered", col(CaseRow.answer_key) == key)
            .values(status="open", answered_by=None, answer_key=None)
        )
        with self._database.writing() as session:
            return changed(session, statement) > 0

    def withdraw(self, case_id: str) -> None:
        """It was not a case after all: it teaches nothing from now on."""
        with self._database.writing() as session:
            changed(session, update(CaseRow).where(col(CaseRow.id) == case_id).values(status="withdrawn"))
            count_again(session, [case_id], self._clock())

    def _turn_row(self, case_id: str, turn: Turn, edited_at: datetime | None = None) -> TurnRow:
        return TurnRow(
            case_id=case_id,
            key=turn.key or new_id("turn"),
            role=turn.role,
            text=self._redact(turn.text),
            at=turn.at or self._clock(),
            edited_at=edited_at,
        )


def _has_words_again(session: Session, case_id: str) -> bool:
    """Retention counts anew from what was said now."""
    changed(session, update(CaseRow).where(col(CaseRow.id) == case_id).values(forgotten_at=None))
    return True


def _turns(case_id: str) -> Select[TurnRow]:
    return (
        select(TurnRow)
        .where(col(TurnRow.case_id) == case_id, col(TurnRow.removed).is_(False))
        .order_by(col(TurnRow.at), col(TurnRow.id))
    )


def _case(session: Session, row: CaseRow) -> Case:
    turns = tuple(_turn(turn) for turn in session.scalars(_turns(row.id)))
    status: CaseStatus = row.status  # type: ignore[assignment]
    return Case(
        id=row.id,
        team=row.team,
        channel=row.channel,
        thread_ts=row.thread_ts,
        author=row.author,
        turns=turns,
        status=status,
        created_at=row.created_at,
        answered_by=row.answered_by,
    )


def _turn(row: TurnRow) -> Turn:
    role: Role = row.role  # type: ignore[assignment]
    return Turn(role, row.text, row.key, row.at)
