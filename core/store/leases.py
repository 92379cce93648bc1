"""Leases: one process at a time holds something, for so long as it keeps saying so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlmodel import col

from core.clock import Clock
from core.store.database import Database, changed
from core.store.tables import LeaseRow


@dataclass(frozen=True, slots=True)
class Lease:
    """`holder` is "" where it was given back; `until` may be over, if the holder died."""

    holder: str
    since: datetime
    until: datetime


class Leases:
    """By name. Safe for many processes: taking one is a single conditional UPDATE."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def take(self, name: str, holder: str, for_s: float, *, by_force: bool = False) -> bool:
        """Take it, or hold it longer; False while somebody else holds it.

        `by_force`: take it in any case, for one who knows by other means that nobody else holds it.
        """
        now = self._clock()
        until = now + timedelta(seconds=for_s)
        mine = (col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        free = or_(col(LeaseRow.holder) == "", col(LeaseRow.until) < now)
        taken = update(LeaseRow).where(col(LeaseRow.name) == name, *(() if by_force else (free,)))
        with self._database.writing() as session:
            if self._database.insert_new(session, LeaseRow(name=name, holder=holder, since=now, until=until)):
                return True
            if changed(session, update(LeaseRow).where(*mine).values(until=until)):
                return True
            return changed(session, taken.values(holder=holder, since=now, until=until)) == 1

    def give_back(self, name: str, holder: str) -> None:
        """Somebody else may take it at once."""
        mine = (col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        with self._database.writing() as session:
            changed(session, update(LeaseRow).where(*mine).values(holder="", until=self._clock()))

    def get(self, name: str) -> Lease | None:
        """Who holds it, or held it last; None where nobody ever did."""
        with self._database.reading() as session:
            row = session.get(LeaseRow, name)
            return None if row is None else Lease(row.holder, row.since, row.until)

    def is_held(self, name: str) -> bool:
        """True while somebody holds it."""
        lease = self.get(name)
        return lease is not None and bool(lease.holder) and lease.until >= self._clock()
