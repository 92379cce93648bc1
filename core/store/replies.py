"""Replies on their way to the customer, and those held back because somebody was first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.errors import UnknownAnnotation
from core.replies import HeldReply, Reply
from core.store.changed_days import count_again
from core.store.database import Database, changed
from core.store.tables import CaseRow, HeldReplyRow, ReplyRow
from core.store.tables.replies import UNPOSTED, UNTAKEN


class Replies:
    """One per adoption. The words are as written until posted or undone, and redacted from then on."""

    def __init__(self, database: Database, clock: Clock, redact: Callable[[str], str]) -> None:
        self._database, self._clock, self._redact = database, clock, redact

    def add(self, reply: Reply) -> Reply:
        """Stores it; where this adoption has one already, that one stands and is returned."""
        row = ReplyRow(
            id=reply.id,
            case_id=reply.case_id,
            suggestion_id=reply.suggestion_id,
            adoption_key=reply.adoption_key,
            agent_id=reply.agent_id,
            text=reply.text,
            state=reply.state,
            channel=reply.channel,
            ts=reply.ts,
            posted_at=reply.posted_at,
            created_at=self._clock(),
        )
        with self._database.writing() as session:
            self._database.insert_new(session, row)
            return _reply(_row(session, reply.adoption_key))

    def by_key(self, adoption_key: str) -> Reply | None:
        """The reply that this adoption sent."""
        with self._database.reading() as session:
            row = session.scalars(select(ReplyRow).where(col(ReplyRow.adoption_key) == adoption_key)).one_or_none()
            return None if row is None else _reply(row)

    def by_message(self, team: str, channel: str, ts: str) -> Reply | None:
        """The reply that was posted as this message."""
        here = (col(ReplyRow.channel) == channel, col(ReplyRow.ts) == ts, col(CaseRow.team) == team)
        posted = select(ReplyRow).join(CaseRow, col(CaseRow.id) == col(ReplyRow.case_id)).where(*here)
        with self._database.reading() as session:
            row = session.scalars(posted).first()
            return None if row is None else _reply(row)

    def of_case(self, case_id: str) -> list[Reply]:
        """All replies of a case, oldest first, undone ones too."""
        rows = (
            select(ReplyRow)
            .where(col(ReplyRow.case_id) == case_id)
            .order_by(col(ReplyRow.created_at), col(ReplyRow.id))
        )
        with self._database.reading() as session:
            return [_reply(row) for row in session.scalars(rows)]

    def mark_posted(self, adoption_key: str, channel: str, ts: str, at: datetime) -> Reply:
        """It stands in Slack now; one that was undone meanwhile stays undone, but is known by its message.

        The first report wins. Raises UnknownAnnotation.
        """
        with self._database.writing() as session:
            row = _row(session, adoption_key, lock=True)
            if row.ts is None:
                row.channel, row.ts, row.posted_at = channel, ts, at
                row.state = "posted" if row.state == "pending" else row.state
                row.text = self._redact(row.text)
                count_again(session, [row.case_id], self._clock())
            session.flush()
            return _reply(row)

    def mark_undone(self, adoption_key: str) -> Reply:
        """Its agent took it back. Raises UnknownAnnotation."""
        with self._database.writing() as session:
            row = _row(session, adoption_key, lock=True)
            row.state, row.text = "undone", self._redact(row.text)
            count_again(session, [row.case_id], self._clock())
            session.flush()
            return _reply(row)

    def purge(self, before: datetime) -> list[Reply]:
        """Gives up those written before then that were never posted: undone, redacted. Returns them."""
        waiting = (UNPOSTED, col(ReplyRow.created_at) < before)
        with self._database.writing() as session:
            rows = session.scalars(select(ReplyRow).where(*waiting).with_for_update()).all()
            for row in rows:
                row.state, row.text = "undone", self._redact(row.text)
            session.flush()
            return [_reply(row) for row in rows]


class HeldReplies:
    """Replies that wait for "send anyway"."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def add(self, held: HeldReply) -> HeldReply:
        """Stores it; where this click has one already, that one is returned."""
        row = HeldReplyRow(
            id=held.id,
            key=held.key,
            case_id=held.case_id,
            suggestion_id=held.suggestion_id,
            agent_id=held.agent_id,
            slot=held.slot,
            final=held.final,
            reasons=list(held.reasons),
            rationale=held.rationale,
            source=held.source,
            created_at=self._clock(),
        )
        with self._database.writing() as session:
            self._database.insert_new(session, row)
            stored = session.scalars(select(HeldReplyRow).where(col(HeldReplyRow.key) == held.key)).one()
            return _held(stored)

    def get(self, held_id: str) -> HeldReply | None:
        """The reply, as long as nobody has taken it."""
        with self._database.reading() as session:
            row = session.get(HeldReplyRow, held_id)
            return None if row is None or row.taken_at is not None else _held(row)

    def by_key(self, key: str) -> HeldReply | None:
        """The reply that this click left behind, taken or not; a taken one has no words left."""
        with self._database.reading() as session:
            row = session.scalars(select(HeldReplyRow).where(col(HeldReplyRow.key) == key)).one_or_none()
            return None if row is None else _held(row)

    def take(self, held_id: str) -> HeldReply | None:
        """The reply, once only; its words are forgotten here."""
        with self._database.writing() as session:
            row = session.scalars(
                select(HeldReplyRow).where(col(HeldReplyRow.id) == held_id).with_for_update()
            ).one_or_none()
            if row is None or row.taken_at is not None:
                return None
            held = _held(row)
            row.taken_at, row.final, row.rationale = self._clock(), "", None
            session.flush()
            return held

    def purge(self, before: datetime) -> int:
        """Forgets the words of those that nobody took since `before`; tells how many."""
        old = (col(HeldReplyRow.created_at) < before, UNTAKEN)
        forgotten = update(HeldReplyRow).where(*old).values(taken_at=self._clock(), final="", rationale=None)
        with self._database.writing() as session:
            return changed(session, forgotten)


def _row(session: Session, adoption_key: str, lock: bool = False) -> ReplyRow:
    statement = select(ReplyRow).where(col(ReplyRow.adoption_key) == adoption_key)
    row = session.scalars(statement.with_for_update() if lock else statement).one_or_none()
    if row is None:
        raise UnknownAnnotation(adoption_key)
    return row


def _reply(row: ReplyRow) -> Reply:
    return Reply(
        id=row.id,
        case_id=row.case_id,
        suggestion_id=row.suggestion_id,
        adoption_key=row.adoption_key,
        agent_id=row.agent_id,
        text=row.text,
        state=row.state,  # type: ignore[arg-type]
        channel=row.channel,
        ts=row.ts,
        posted_at=row.posted_at,
    )


def _held(row: HeldReplyRow) -> HeldReply:
    return HeldReply(
        id=row.id,
        case_id=row.case_id,
        suggestion_id=row.suggestion_id,
        agent_id=row.agent_id,
        slot=row.slot,  # type: ignore[arg-type]
        final=row.final or "",
        reasons=tuple(row.reasons),
        rationale=row.rationale,
        source=row.source,  # type: ignore[arg-type]
        key=row.key,
    )
