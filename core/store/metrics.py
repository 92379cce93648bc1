"""What the figures of a period are computed from, fast however many annotations there are.

Whole days that are over are read as they were counted and kept (`counted_days`); the rest, at most the begin and the
end of the period and today, is counted in the rows. Indexes alone do not do: 90 days and the 90 before are half of a
million annotations, and each is looked up with its case and its drafts, which takes half a minute on SQLite.
What adds up is kept: counts as they are, and durations one by one, because a median cannot be had from medians.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from core.clock import Clock
from core.metrics.counted import Counted, together
from core.store.audits import Audits
from core.store.counted_days import DAY, CountedDays, begin
from core.store.counting import count
from core.store.database import Database
from core.store.tables import CaseRow
from core.store.tables.types import UtcDateTime

# A day is kept from this long after its end: by then whoever changed something while it went on has committed.
SETTLED = timedelta(hours=1)
_KEPT_AHEAD = 181  # days: the longest period that is asked for in Slack, and the one before


class Metrics:
    """Reads one period of one workspace, or of all."""

    def __init__(self, database: Database, clock: Clock, audits: Audits) -> None:
        self._database, self._clock, self._audits = database, clock, audits
        self._days = CountedDays(database)

    def counted(self, since: datetime, until: datetime, team: str | None = None) -> Counted:
        """Everything from `since` on and before `until`."""
        days = self._whole_days(since, until)
        pieces = [(since, until)] if not days else [(since, begin(days[0])), (begin(days[-1]) + DAY, until)]
        # Side by side: a database counts in one connection while it counts in another.
        with ThreadPoolExecutor(len(pieces)) as threads:
            counting = [threads.submit(self._count, one, other, team) for one, other in pieces if one < other]
            parts = [one for _, one in self._kept(days, team)]
            parts += [one.result() for one in counting]
        return replace(together(parts), audited=tuple(self._audits.answered(since, until, team)))

    def days(self, since: datetime, until: datetime, team: str | None = None) -> dict[date, Counted]:
        """Each whole day (UTC) in between that is over, but for audits."""
        found: dict[date, list[Counted]] = defaultdict(list)
        for day, counted in self._kept(self._whole_days(since, until), team):
            found[day].append(counted)
        return {day: together(of_teams) for day, of_teams in found.items()}

    def keep_days(self, limit: int) -> int:
        """Counts ahead what will be asked for, the first `limit` days; tells how many, 0 once all are kept."""
        now = self._clock()
        days = self._whole_days(now - _KEPT_AHEAD * DAY, now)
        kept = 0
        for team in self._teams():
            kept += self._days.keep(team, days, limit - kept)
        return kept

    def _count(self, since: datetime, until: datetime, team: str | None) -> Counted:
        with self._database.reading() as session:
            return count(session, since, until, team)

    def _kept(self, days: Sequence[date], team: str | None) -> Iterator[tuple[date, Counted]]:
        for one in self._teams() if team is None else [team]:
            yield from self._days.of(one, days).items()

    def _whole_days(self, since: datetime, until: datetime) -> list[date]:
        """Those between the two that are over, in their order; without those before the first case, which are empty."""
        with self._database.reading() as session:
            first = session.scalar(select(func.min(col(CaseRow.created_at), type_=UtcDateTime)))
        if first is None:
            return []
        day = max((since.astimezone(UTC) + DAY - timedelta(microseconds=1)).date(), first.date())
        end = min(until.astimezone(UTC), self._clock().astimezone(UTC) - SETTLED).date()
        return [day + n * DAY for n in range(max(0, (end - day).days))]

    def _teams(self) -> list[str]:
        """Every workspace with a case: one look into an index for each, however many cases there are."""
        found: list[str] = []
        with self._database.reading() as session:
            next_one = select(func.min(col(CaseRow.team)))
            while (team := session.scalar(next_one)) is not None:
                found.append(team)
                next_one = select(func.min(col(CaseRow.team))).where(col(CaseRow.team) > team)
        return found
