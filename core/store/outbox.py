"""What is to go out: calls in order, updates coalesced, nothing forgotten when a sender dies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, update
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from core.clock import Clock
from core.ids import new_id
from core.masking import mask
from core.store.database import Database, changed, values_of
from core.store.records import Sending
from core.store.tables import OutboxRow
from core.store.tables.work import NOT_SENT, UNSENT

MAX_ATTEMPTS = 5
EXPIRED = "It was not sent within a day, so its words were forgotten."
# The purpose of a call that says its argument `text`, in plain words, to the leads of whichever bot is next.
LEADS_NOTICE = "leads_notice"
_WAITING = ("pending", "claimed")


class Outbox:
    """Calls by key, each made once as far as anybody can tell; oldest first, in order per `order_key`.

    States: pending -> claimed -> sent, back to pending after a failure, parked after five.
    A parked call holds nothing up.
    """

    def __init__(self, database: Database, clock: Clock, redact: Callable[[str], str]) -> None:
        self._database, self._clock, self._redact = database, clock, redact

    def put(
        self,
        key: str,
        method: str,
        arguments: Mapping[str, Any],
        subject: str = "",
        purpose: str = "",
        order_key: str = "",
        not_before: datetime | None = None,
        team: str | None = None,
    ) -> bool:
        """Stores a call; False if its key was ever there before. An empty order key waits for nobody.

        `team` names the workspace it goes to; None: that of whoever claims it.
        """
        row = OutboxRow(
            key=key,
            method=method,
            arguments=dict(arguments),
            subject=subject,
            purpose=purpose,
            order_key=order_key,
            created_at=self._clock(),
            not_before=not_before,
            team=team,
        )
        with self._database.writing() as session:
            return self._database.insert_new(session, row)

    def put_update(
        self,
        subject: str,
        purpose: str,
        order_key: str,
        not_before: datetime | None = None,
        team: str | None = None,
    ) -> bool:
        """Asks for the subject to be shown as it then is; False if it was asked for already and is not sent yet.

        Asked while it is on its way, it is sent once more.
        """
        row = OutboxRow(
            key=new_id(f"update:{purpose}:{subject}"),
            method="",
            subject=subject,
            purpose=purpose,
            order_key=order_key,
            coalesced=True,
            created_at=self._clock(),
            not_before=not_before,
            team=team,
        )
        again = {"dirty": or_(col(OutboxRow.dirty), col(OutboxRow.state) == "claimed")}
        insert = self._database.insert(OutboxRow).values(values_of(row))
        merged = insert.on_conflict_do_update(
            index_elements=["purpose", "subject"], index_where=UNSENT, set_=again
        ).returning(col(OutboxRow.key))
        with self._database.writing() as session:
            return session.scalars(merged).one() == row.key

    def claim(
        self,
        worker: str,
        lease_s: float,
        limit: int = 1,
        team: str | None = None,
        first: Sequence[str] = (),
        only: Sequence[str] = (),
        never: Sequence[str] = (),
    ) -> list[Sending]:
        """The oldest calls to this workspace that may go out now, for this sender alone until the lease is over.

        Purposes of `first` go before all others; where there are some in `only` it is these, and none of `never`.
        Never one that has an older unsent call with the same order key.
        """
        now = self._clock()
        share = and_(_of(team), col(OutboxRow.purpose).in_(only) if only else col(OutboxRow.purpose).not_in(never))
        with self._database.reading() as session:
            if session.scalars(select(col(OutboxRow.id)).where(share, _due_or_over(now)).limit(1)).first() is None:
                return []
        self.recover()
        urgent = case((col(OutboxRow.purpose).in_(first), 0), else_=1)
        free = (
            select(OutboxRow).where(share, _due(now), ~_older_waits()).order_by(urgent, col(OutboxRow.id)).limit(limit)
        )
        with self._database.writing() as session:
            rows = session.scalars(free.with_for_update(skip_locked=True, of=OutboxRow)).all()
            for row in rows:
                row.state, row.worker = "claimed", worker
                row.lease_until = now + timedelta(seconds=lease_s)
                row.attempts += 1
            session.flush()
            return [_sending(row) for row in rows]

    def finish(self, sending_id: int, response: Mapping[str, Any] | None = None) -> None:
        """Made: the arguments are forgotten, of the response the plain values stay (`ok`, `channel`, `ts`).

        An update that was asked for again meanwhile waits again.
        """
        with self._database.writing() as session:
            row = _locked(session, sending_id)
            row.response = {name: value for name, value in (response or {}).items() if _is_plain(value)}
            row.worker, row.lease_until, row.unknown_outcome, row.error = None, None, False, None
            if row.dirty:
                row.state, row.dirty, row.attempts = "pending", False, 0
            else:
                row.state, row.arguments, row.finished_at = "sent", {}, self._clock()
            session.flush()

    def fail(self, sending_id: int, error: str, retry_in_s: float, unknown_outcome: bool = False) -> None:
        """Not made, or nobody knows: to be tried again after `retry_in_s`, or parked after five attempts."""
        now = self._clock()
        with self._database.writing() as session:
            row = _locked(session, sending_id)
            if row.state != "claimed":  # its lease was over, and somebody else has dealt with it
                return
            row.state = "parked" if row.attempts >= MAX_ATTEMPTS else "pending"
            row.dirty, row.error, row.worker, row.lease_until = False, self._redact(mask(error)), None, None
            row.unknown_outcome = row.unknown_outcome or unknown_outcome
            row.not_before = now + timedelta(seconds=retry_in_s)
            session.flush()

    def postpone(self, sending_id: int, until: datetime) -> None:
        """Not tried: it is not its turn yet (a rate limit). Costs no attempt."""
        with self._database.writing() as session:
            row = _locked(session, sending_id)
            if row.state != "claimed":
                return
            row.state, row.worker, row.lease_until = "pending", None, None
            row.dirty, row.not_before, row.attempts = False, until, max(0, row.attempts - 1)
            session.flush()

    def release(self, worker: str) -> int:
        """Hands back what this sender has claimed and not tried; tells how much."""
        mine = (col(OutboxRow.worker) == worker, col(OutboxRow.state) == "claimed")
        back = {"state": "pending", "worker": None, "lease_until": None, "attempts": col(OutboxRow.attempts) - 1}
        with self._database.writing() as session:
            return changed(session, update(OutboxRow).where(*mine).values(dirty=False, **back))

    def claimants(self) -> list[str]:
        """The workers that hold work now, alive or not."""
        claimed = col(OutboxRow.state) == "claimed"
        with self._database.reading() as session:
            names = session.scalars(select(col(OutboxRow.worker)).where(claimed).distinct())
            return sorted(name for name in names if name)

    def abandon(self, worker: str) -> int:
        """This sender is dead for certain: its leases end now. Tells how many calls nobody knows the outcome of."""
        mine = (col(OutboxRow.worker) == worker, col(OutboxRow.state) == "claimed")
        with self._database.writing() as session:
            return changed(session, update(OutboxRow).where(*mine).values(lease_until=self._clock()))

    def recover(self) -> int:
        """Gives back calls whose sender died; nobody knows whether they were made. Tells how many."""
        over = and_(col(OutboxRow.state) == "claimed", col(OutboxRow.lease_until) <= self._clock())
        state = case((col(OutboxRow.attempts) >= MAX_ATTEMPTS, "parked"), else_="pending")
        values = {"worker": None, "lease_until": None, "unknown_outcome": True, "dirty": False}
        again = update(OutboxRow).where(over).values(state=state, error="its sender died", **values)
        with self._database.reading() as session:
            if session.scalars(select(col(OutboxRow.id)).where(over).limit(1)).first() is None:
                return 0
        with self._database.writing() as session:
            return changed(session, again)

    def has(self, key: str) -> bool:
        """True where a call of this key was ever put there, made or not, as long as it is remembered."""
        with self._database.reading() as session:
            return session.scalars(select(col(OutboxRow.id)).where(col(OutboxRow.key) == key)).first() is not None

    def response(self, key: str) -> Mapping[str, Any] | None:
        """The plain values of the answer to this call; None until it has been made."""
        with self._database.reading() as session:
            row = session.scalars(select(OutboxRow).where(col(OutboxRow.key) == key)).one_or_none()
            return None if row is None or row.state != "sent" else dict(row.response or {})

    def parked(self) -> list[Sending]:
        """Dead letters, oldest first; `error` says why."""
        rows = select(OutboxRow).where(col(OutboxRow.state) == "parked").order_by(col(OutboxRow.id))
        with self._database.reading() as session:
            return [_sending(row) for row in session.scalars(rows)]

    def retry_parked(self, since: datetime) -> tuple[int, int]:
        """Has the calls that were parked and asked for since then tried anew, and drops older ones.

        Tells how many of each. An update that waits again meanwhile needs no second one, and counts as tried.
        """
        fresh = {"state": "pending", "attempts": 0, "error": None, "not_before": None}
        gone = {"state": "sent", "arguments": {}, "finished_at": self._clock()}
        parked = col(OutboxRow.state) == "parked"
        young = and_(parked, col(OutboxRow.created_at) >= since)
        tried = 0
        with self._database.writing() as session:
            for row in session.scalars(select(OutboxRow).where(young, col(OutboxRow.coalesced))).all():
                row.state, row.finished_at = "sent", self._clock()
                session.flush()
                self.put_update(row.subject, row.purpose, row.order_key, team=row.team)
                tried += 1
            tried += changed(session, update(OutboxRow).where(young).values(**fresh))
            return tried, changed(session, update(OutboxRow).where(parked).values(**gone))

    def pending(self) -> int:
        """How many calls are neither made nor parked."""
        waiting = select(func.count()).select_from(OutboxRow).where(col(OutboxRow.state).in_(_WAITING))
        with self._database.reading() as session:
            return session.scalar(waiting) or 0

    def purge(self, before: datetime, and_purposes: Sequence[str] = ()) -> int:
        """Forgets the arguments of every call stored before then that was not made; tells how many.

        Such a call is parked, and so is one of these purposes, whose words are kept elsewhere and forgotten now.
        Others without arguments say nothing and may still be made.
        """
        holds_words = or_(col(OutboxRow.arguments) != {}, col(OutboxRow.purpose).in_(and_purposes))
        old = and_(NOT_SENT, col(OutboxRow.created_at) < before, holds_words)
        given_up = {"state": "parked", "error": EXPIRED, "worker": None, "lease_until": None}
        with self._database.writing() as session:
            waiting = update(OutboxRow).where(old, col(OutboxRow.state).in_(_WAITING))
            parked = changed(session, waiting.values(arguments={}, **given_up))
            dead = update(OutboxRow).where(old, col(OutboxRow.arguments) != {})
            return parked + changed(session, dead.values(arguments={}))

    def forget(self, before: datetime) -> int:
        """Drops one portion of the calls made before then, keys too; tells how many: ask again until it is 0.

        From then on a call of the same key would be made again.
        """
        return self._database.forget(OutboxRow, before)


def _of(team: str | None) -> ColumnElement[bool]:
    """Calls to this workspace, and to none in particular; without one, all."""
    return true() if team is None else or_(col(OutboxRow.team).is_(None), col(OutboxRow.team) == team)


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(col(OutboxRow.not_before).is_(None), col(OutboxRow.not_before) <= now)
    return and_(col(OutboxRow.state) == "pending", free)


def _due_or_over(now: datetime) -> ColumnElement[bool]:
    return or_(_due(now), and_(col(OutboxRow.state) == "claimed", col(OutboxRow.lease_until) <= now))


def _older_waits() -> ColumnElement[bool]:
    older = aliased(OutboxRow)
    return and_(
        col(OutboxRow.order_key) != "",
        select(col(older.id))
        .where(
            col(older.order_key) == col(OutboxRow.order_key),
            col(older.id) < col(OutboxRow.id),
            col(older.state).in_(_WAITING),
        )
        .exists(),
    )


def _locked(session: Session, sending_id: int) -> OutboxRow:
    return session.scalars(select(OutboxRow).where(col(OutboxRow.id) == sending_id).with_for_update()).one()


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _sending(row: OutboxRow) -> Sending:
    assert row.id is not None
    return Sending(
        id=row.id,
        key=row.key,
        method=row.method,
        arguments=row.arguments,
        subject=row.subject,
        purpose=row.purpose,
        order_key=row.order_key,
        coalesced=row.coalesced,
        attempts=row.attempts,
        unknown_outcome=row.unknown_outcome,
        created_at=row.created_at,
        error=row.error,
    )
