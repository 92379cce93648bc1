"""Retrainings: asked for under a key, run one at a time, and shown as they go.

What changes is shown by the same transaction: it asks the outbox to render the retraining's message anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.retraining import Cause, Retraining
from core.store.database import Database, changed
from core.store.outbox import Outbox
from core.store.tables import RetrainingRow

# Purposes of outbox rows about a retraining; their subject is its key.
POST = "retraining"
UPDATE = "retraining_update"
REPORT = "retraining_report"  # to whoever asked
_UNDER_WAY = ("waiting", "running")


class Retrainings:
    """Safe for many threads and processes; two never run at once, and none twice to its end."""

    def __init__(self, database: Database, clock: Clock, outbox: Outbox) -> None:
        self._database, self._clock, self._outbox = database, clock, outbox

    def ask(self, key: str, cause: Cause, asked_by: str = "", asked_in: str = "", team: str | None = None) -> bool:
        """Have one run; False if its key was ever asked for before."""
        row = RetrainingRow(
            key=key, cause=cause, asked_by=asked_by, asked_in=asked_in, team=team, asked_at=self._clock()
        )
        with self._database.writing() as session:
            return self._database.insert_new(session, row)

    def get(self, key: str) -> Retraining | None:
        """The one with this key."""
        return self._first(col(RetrainingRow.key) == key)

    def under_way(self) -> Retraining | None:
        """The one that runs, else the one that waits longest, else None."""
        running = self._first(col(RetrainingRow.state) == "running")
        return running or self._first(col(RetrainingRow.state) == "waiting")

    def last_ended(self) -> Retraining | None:
        """The one that ended last, well or badly."""
        ended = select(RetrainingRow).where(col(RetrainingRow.state).in_(("done", "failed")))
        return self._one(ended.order_by(col(RetrainingRow.finished_at).desc(), col(RetrainingRow.id).desc()).limit(1))

    def last_started(self) -> datetime | None:
        """When the latest began that ended well or still runs."""
        began = select(RetrainingRow).where(col(RetrainingRow.state).in_(("done", "running")))
        found = self._one(began.order_by(col(RetrainingRow.started_at).desc()).limit(1))
        return None if found is None else found.started_at

    def start(self, key: str) -> bool:
        """It runs now; False where it does not wait any more, or another one runs."""
        mine = (col(RetrainingRow.key) == key, col(RetrainingRow.state) == "waiting")
        values = {"state": "running", "started_at": self._clock(), "attempts": col(RetrainingRow.attempts) + 1}
        try:
            with self._database.writing() as session:
                if not changed(session, update(RetrainingRow).where(*mine).values(**values)):
                    return False
                self._show(session, key)
                return True
        except IntegrityError:  # the index that lets one run at a time
            return False

    def progress(self, key: str, words: str) -> None:
        """What a running one does now; nothing happens where it is what it did before."""
        news = (
            col(RetrainingRow.key) == key,
            col(RetrainingRow.state) == "running",
            col(RetrainingRow.progress) != words,
        )
        with self._database.writing() as session:
            if changed(session, update(RetrainingRow).where(*news).values(progress=words)):
                self._show(session, key)

    def put_back(self, key: str) -> bool:
        """Its process was stopped: it waits to go on. False where it does not run."""
        return self._leave(key, "running", {"state": "waiting"})

    def finish(self, key: str, outcome: Mapping[str, Any]) -> bool:
        """It is done, whatever the verdict; False where it does not run."""
        return self._leave(key, "running", {"state": "done", "outcome": dict(outcome)})

    def fail(self, key: str, reason: str) -> bool:
        """It broke: `reason` is one sentence. False where it does not run."""
        return self._leave(key, "running", {"state": "failed", "outcome": {"reason": reason}})

    def give_up_unanswered(self, after_s: float, team: str) -> list[Retraining]:
        """Those that somebody of this workspace asked for, so long ago, and no scheduler began; they never will be."""
        before = self._clock() - timedelta(seconds=after_s)
        old = select(RetrainingRow).where(
            col(RetrainingRow.cause) == "asked",
            col(RetrainingRow.state) == "waiting",
            col(RetrainingRow.attempts) == 0,
            col(RetrainingRow.asked_at) <= before,
            col(RetrainingRow.team) == team,
        )
        with self._database.reading() as session:
            found = [_retraining(row) for row in session.scalars(old)]
        return [one for one in found if self._leave(one.key, "waiting", {"state": "unanswered"})]

    def mark_posted(self, key: str, channel: str, ts: str) -> None:
        """The message that shows it stands there; updates that were asked for meanwhile come after it."""
        with self._database.writing() as session:
            values = {"channel": channel, "ts": ts}
            changed(session, update(RetrainingRow).where(col(RetrainingRow.key) == key).values(**values))

    def _leave(self, key: str, state: str, values: Mapping[str, Any]) -> bool:
        """Out of that state, for good or for a while."""
        is_over = values["state"] != "waiting"
        ended = {"finished_at": self._clock()} if is_over else {}
        mine = (col(RetrainingRow.key) == key, col(RetrainingRow.state) == state)
        with self._database.writing() as session:
            if not changed(session, update(RetrainingRow).where(*mine).values(**values, **ended, progress="")):
                return False
            self._show(session, key)
            row = session.scalars(select(RetrainingRow).where(col(RetrainingRow.key) == key)).one()
            if is_over and row.asked_by:
                self._outbox.put(f"{REPORT}:{key}", "", {}, subject=key, purpose=REPORT, team=row.team)
            return True

    def _show(self, session: Session, key: str) -> None:
        """Posted once, updated from then on."""
        row = session.scalars(select(RetrainingRow).where(col(RetrainingRow.key) == key)).one()
        order = f"retraining:{key}"
        if row.state == "unanswered":
            return
        if not self._outbox.put(f"{POST}:{key}", "", {}, subject=key, purpose=POST, order_key=order, team=row.team):
            self._outbox.put_update(key, UPDATE, order, team=row.team)

    def _first(self, condition: Any) -> Retraining | None:
        return self._one(select(RetrainingRow).where(condition).order_by(col(RetrainingRow.id)).limit(1))

    def _one(self, statement: Any) -> Retraining | None:
        with self._database.reading() as session:
            row = session.scalars(statement).first()
            return None if row is None else _retraining(row)


def _retraining(row: RetrainingRow) -> Retraining:
    return Retraining(
        key=row.key,
        cause=row.cause,  # type: ignore[arg-type]
        asked_at=row.asked_at,
        state=row.state,  # type: ignore[arg-type]
        asked_by=row.asked_by,
        asked_in=row.asked_in,
        team=row.team,
        attempts=row.attempts,
        started_at=row.started_at,
        finished_at=row.finished_at,
        progress=row.progress,
        outcome=row.outcome,
        channel=row.channel,
        ts=row.ts,
    )
