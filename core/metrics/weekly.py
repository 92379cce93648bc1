"""A trend by weeks: how many drafts were used, and how many of the marked snippets helped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from core.metrics.figures import FEWEST

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `begin` on. `decided`: decisions about drafts and own replies; `used`: of these, a draft sent.

    `marked`: marks on snippets; `helpful`: of these.
    """

    begin: datetime
    decided: int = 0
    used: int = 0
    marked: int = 0
    helpful: int = 0

    @property
    def share_used(self) -> float | None:
        """In [0, 1]; None below FEWEST decisions, as for every figure."""
        return self.used / self.decided if self.decided >= FEWEST else None

    @property
    def share_helpful(self) -> float | None:
        """In [0, 1]; None below FEWEST marks."""
        return self.helpful / self.marked if self.marked >= FEWEST else None


def week_begins(until: datetime, count: int, zone: tzinfo = UTC) -> list[datetime]:
    """The Mondays, at midnight in that zone, with which the last `count` weeks before `until` begin, oldest first.

    The last one may not be over yet.
    """
    last = (until - timedelta(microseconds=1)).astimezone(zone)
    monday = datetime.combine(last.date() - timedelta(days=last.weekday()), time(0), zone)
    return [monday - WEEK * back for back in range(count - 1, -1, -1)]


@dataclass(frozen=True, slots=True)
class Line:
    """What one line of a chart shows: a share in [0, 1] for each week of the chart."""

    name: str
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The weeks that have enough behind them, oldest first, and at least one line over all of them."""

    begins: tuple[datetime, ...]
    lines: tuple[Line, ...]


def trend_of(weeks: Sequence[Week]) -> Trend | None:
    """What can be drawn; None where fewer than two weeks have enough decisions.

    Weeks with too few of them are left out; the second line stands there only where no week lacks it.
    """
    shown = [week for week in weeks if week.share_used is not None]
    if len(shown) < 2:
        return None
    used = Line("Drafts sent", tuple(week.share_used or 0.0 for week in shown))
    helpful = [week.share_helpful for week in shown]
    known = tuple(one for one in helpful if one is not None)
    second = (Line("Helpful snippets", known),) if len(known) == len(shown) else ()
    return Trend(tuple(week.begin for week in shown), (used, *second))
