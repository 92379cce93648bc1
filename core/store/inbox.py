"""Durable work: what came in is stored before it is acknowledged, and claimed under a lease."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update
from sqlmodel import col

from core.clock import Clock
from core.masking import mask
from core.store.database import Database, changed
from core.store.records import Work
from core.store.tables import InboxRow
from core.store.tables.work import HELD_PAYLOAD, WAITING

MAX_ATTEMPTS = 5
EXPIRED = "It was not done within a day, so what Slack had delivered was forgotten."


class Inbox:
    """A queue per lane, oldest first. A worker that dies gives its work back when the lease is over.

    States: pending -> claimed -> done, back to pending after a failure, parked after five.
    """

    def __init__(self, database: Database, clock: Clock, redact: Callable[[str], str]) -> None:
        self._database, self._clock, self._redact = database, clock, redact

    def put(
        self,
        key: str,
        kind: str,
        lane: str,
        payload: Mapping[str, Any],
        not_before: datetime | None = None,
        team: str | None = None,
    ) -> bool:
        """Stores work; False if its key was ever there before. Once this returns, nothing is lost.

        `team` names the workspace whose work it is; None: whoever claims it.
        Raises StoreUnavailable after two seconds at the latest: who delivers does not wait longer.
        """
        row = InboxRow(
            key=key,
            kind=kind,
            lane=lane,
            payload=dict(payload),
            received_at=self._clock(),
            not_before=not_before,
            team=team,
        )
        with self._database.writing(hasty=True) as session:
            return self._database.insert_new(session, row)

    def claim(self, lane: str, worker: str, lease_s: float, limit: int = 1, team: str | None = None) -> list[Work]:
        """The oldest work of a lane, for this worker alone until the lease is over; none of another workspace's.

        Work whose lease is over is claimable again. `worker` names one worker of one process.
        """
        now = self._clock()
        of_lane = and_(col(InboxRow.lane) == lane, _of(team), _claimable(now))
        oldest = select(InboxRow).where(of_lane).order_by(col(InboxRow.id)).limit(limit)
        # Looked before leaping: an idle worker takes no write lock.
        with self._database.reading() as session:
            if session.scalars(select(col(InboxRow.id)).where(of_lane).limit(1)).first() is None:
                return []
        self.recover()
        with self._database.writing() as session:
            rows = session.scalars(oldest.with_for_update(skip_locked=True)).all()
            for row in rows:
                row.state, row.worker = "claimed", worker
                row.lease_until = now + timedelta(seconds=lease_s)
                row.attempts += 1
            session.flush()
            return [_work(row) for row in rows]

    def finish(self, work_id: int) -> None:
        """Done: the payload is forgotten, the key stays."""
        values = {"state": "done", "payload": None, "error": None, "lease_until": None, "finished_at": self._clock()}
        with self._database.writing() as session:
            changed(session, update(InboxRow).where(col(InboxRow.id) == work_id).values(**values))

    def fail(self, work_id: int, error: str, retry_in_s: float) -> None:
        """Not done: to be tried again after `retry_in_s`, or parked for a person after five attempts."""
        now = self._clock()
        with self._database.writing() as session:
            row = session.scalars(
                select(InboxRow).where(col(InboxRow.id) == work_id, col(InboxRow.state) == "claimed").with_for_update()
            ).one_or_none()
            if row is None:
                return
            row.state = "parked" if row.attempts >= MAX_ATTEMPTS else "pending"
            row.error, row.worker, row.lease_until = self._redact(mask(error)), None, None
            row.not_before = now + timedelta(seconds=retry_in_s)
            session.flush()

    def postpone(self, work_id: int, retry_in_s: float) -> None:
        """Not yet: to be done after `retry_in_s`, as if it had not been claimed."""
        mine = (col(InboxRow.id) == work_id, col(InboxRow.state) == "claimed")
        later = {
            "state": "pending",
            "worker": None,
            "lease_until": None,
            "attempts": col(InboxRow.attempts) - 1,
            "not_before": self._clock() + timedelta(seconds=retry_in_s),
        }
        with self._database.writing() as session:
            changed(session, update(InboxRow).where(*mine).values(**later))

    def release(self, worker: str) -> int:
        """Hands back what this worker has claimed, as if it had not; tells how much."""
        mine = (col(InboxRow.worker) == worker, col(InboxRow.state) == "claimed")
        back = {"state": "pending", "worker": None, "lease_until": None, "attempts": col(InboxRow.attempts) - 1}
        with self._database.writing() as session:
            return changed(session, update(InboxRow).where(*mine).values(**back))

    def claimants(self) -> list[str]:
        """The workers that hold work now, alive or not."""
        claimed = col(InboxRow.state) == "claimed"
        with self._database.reading() as session:
            names = session.scalars(select(col(InboxRow.worker)).where(claimed).distinct())
            return sorted(name for name in names if name)

    def abandon(self, worker: str) -> int:
        """This worker is dead for certain: its leases end now, its attempts count. Tells how much it held."""
        mine = (col(InboxRow.worker) == worker, col(InboxRow.state) == "claimed")
        with self._database.writing() as session:
            return changed(session, update(InboxRow).where(*mine).values(lease_until=self._clock()))

    def recover(self) -> int:
        """Gives back work whose lease is over; parks what has killed its worker five times. Tells how much."""
        now = self._clock()
        over = and_(col(InboxRow.state) == "claimed", col(InboxRow.lease_until) <= now)
        back = {"worker": None, "lease_until": None}
        poison = update(InboxRow).where(over, col(InboxRow.attempts) >= MAX_ATTEMPTS)
        parked = poison.values(state="parked", error="its worker died each time", **back)
        again = update(InboxRow).where(over).values(state="pending", **back)
        with self._database.reading() as session:
            if session.scalars(select(col(InboxRow.id)).where(over).limit(1)).first() is None:
                return 0
        with self._database.writing() as session:
            return changed(session, parked) + changed(session, again)

    def parked(self) -> list[Work]:
        """What a person has to look at, oldest first; `error` says why."""
        rows = select(InboxRow).where(col(InboxRow.state) == "parked").order_by(col(InboxRow.id))
        with self._database.reading() as session:
            return [_work(row) for row in session.scalars(rows)]

    def retry_parked(self, since: datetime) -> tuple[int, int]:
        """Has what was parked and came in since then tried anew, and drops what is older. Tells how many of each."""
        parked = col(InboxRow.state) == "parked"
        young = and_(parked, col(InboxRow.received_at) >= since, HELD_PAYLOAD)
        fresh = {"state": "pending", "attempts": 0, "error": None, "not_before": None}
        with self._database.writing() as session:
            tried = changed(session, update(InboxRow).where(young).values(**fresh))
            gone = {"state": "done", "payload": None, "finished_at": self._clock()}
            return tried, changed(session, update(InboxRow).where(parked).values(**gone))

    def waiting(self, lane: str, team: str | None = None) -> list[Work]:
        """What of a lane is neither done nor parked, in the order in which it is worked off; settling work too."""
        unfinished = (col(InboxRow.lane) == lane, _of(team), WAITING)
        with self._database.reading() as session:
            rows = session.scalars(select(InboxRow).where(*unfinished).order_by(col(InboxRow.id)))
            return [_work(row) for row in rows]

    def pending(self, lane: str) -> int:
        """How much of a lane is neither done nor parked."""
        unfinished = (col(InboxRow.lane) == lane, WAITING)
        with self._database.reading() as session:
            return session.scalar(select(func.count()).select_from(InboxRow).where(*unfinished)) or 0

    def purge(self, before: datetime, except_lanes: Sequence[str] = ()) -> int:
        """Forgets the payloads of everything received before then; keys stay. Tells how many.

        What is not done by then is parked: nobody can do it any more. Lanes that hold nothing of Slack's may be
        excepted.
        """
        old = and_(HELD_PAYLOAD, col(InboxRow.received_at) < before, col(InboxRow.lane).not_in(except_lanes))
        given_up = {"state": "parked", "error": EXPIRED, "worker": None, "lease_until": None, "payload": None}
        with self._database.writing() as session:
            parked = changed(session, update(InboxRow).where(old, WAITING).values(**given_up))
            return parked + changed(session, update(InboxRow).where(old).values(payload=None))

    def forget(self, before: datetime) -> int:
        """Drops one portion of what was done before then, keys too; tells how much: ask again until it is 0.

        From then on a delivery that comes again is new.
        """
        return self._database.forget(InboxRow, before)


def _of(team: str | None) -> ColumnElement[bool]:
    """This workspace's work, and what is nobody's in particular; without one, everybody's."""
    return true() if team is None else or_(col(InboxRow.team).is_(None), col(InboxRow.team) == team)


def _claimable(now: datetime) -> ColumnElement[bool]:
    due = or_(col(InboxRow.not_before).is_(None), col(InboxRow.not_before) <= now)
    pending = and_(col(InboxRow.state) == "pending", due)
    over = and_(col(InboxRow.state) == "claimed", col(InboxRow.lease_until) <= now)
    return and_(WAITING, or_(pending, over))


def _work(row: InboxRow) -> Work:
    assert row.id is not None
    return Work(
        id=row.id,
        key=row.key,
        kind=row.kind,
        lane=row.lane,
        payload=row.payload or {},
        attempts=row.attempts,
        received_at=row.received_at,
        error=row.error,
        not_before=row.not_before,
    )
