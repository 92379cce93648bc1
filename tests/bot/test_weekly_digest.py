"""The digest is due on Mondays by the leads' clock, once a week whoever asks, and says nothing of an empty week."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.desk import Desk
from bot.people import Identity
from bot.weekly_digest import ask_for_digest, monday_to_tell, render_digest, week_before

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def desk(store: Any, watch: Any) -> Desk:
    """Monday, 4 May 2026, 9:00 UTC."""
    nobody: Any = None
    settings: Any = SimpleNamespace(leads_channel="C_LEADS", timezone="UTC")
    return Desk(
        settings=settings,
        store=store,
        feedback=nobody,
        gaps=nobody,
        clock=watch,
        people=nobody,
        permissions=nobody,
        client=nobody,
        identity=Identity("T1", "U0", "B0", "https://team.slack.example/"),
        wake=lambda lane: None,
        give_up=print,
    )


def asked(store: Any) -> list[str]:
    sendings = store.outbox.claim("s1", 30, limit=9)
    for one in sendings:
        store.outbox.finish(one.id)
    return [one.subject for one in sendings]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2026, 3, 30, 6, 59, tzinfo=UTC), None),  # 8:59 in Berlin, the day after summer time has begun
        (datetime(2026, 3, 30, 7, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 4, 5, 21, 59, tzinfo=UTC), date(2026, 3, 30)),  # Sunday evening: a bot that was off all week
        (datetime(2026, 4, 5, 22, 30, tzinfo=UTC), None),  # Monday, half past midnight
    ],
)
def test_it_is_due_from_monday_nine_on_by_the_clock_there(now: datetime, monday: date | None) -> None:
    assert monday_to_tell(now, BERLIN) == monday


def test_a_week_ends_at_midnight_there_also_where_the_clocks_change() -> None:
    week = week_before(date(2026, 3, 30), BERLIN)

    assert (week.since.astimezone(UTC), week.until.astimezone(UTC)) == (
        datetime(2026, 3, 22, 23, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 22, 0, tzinfo=UTC),
    )
    assert week.earlier.astimezone(UTC) == datetime(2026, 3, 15, 23, 0, tzinfo=UTC)


def test_it_is_asked_for_once_a_week(desk: Desk, store: Any, watch: Any) -> None:
    ask_for_digest(desk)
    ask_for_digest(desk)
    watch.advance(3 * 24 * 3600)
    ask_for_digest(desk)
    assert asked(store) == ["2026-05-04"]

    watch.advance(4 * 24 * 3600)
    ask_for_digest(desk)
    assert asked(store) == ["2026-05-11"]


def test_without_a_channel_of_leads_nobody_asks(desk: Desk, store: Any) -> None:
    desk.settings.leads_channel = ""  # type: ignore[misc]

    ask_for_digest(desk)

    assert asked(store) == []


def test_an_empty_week_is_not_told(desk: Desk, world: Any, store: Any, watch: Any) -> None:
    """The case of this fixture came this Monday: that is next week's news."""
    ask_for_digest(desk)
    [sending] = store.outbox.claim("s1", 30)

    assert render_digest(sending, desk) is None


def test_a_week_in_which_somebody_judged_is_told(desk: Desk, world: Any, store: Any, watch: Any) -> None:
    world.feedback.reject(world.suggestion.id, "U_ANN", ["tone"], None, None, "modal", "k1")
    watch.advance(timedelta(days=7).total_seconds())
    ask_for_digest(desk)
    [sending] = store.outbox.claim("s1", 30)

    call = render_digest(sending, desk)

    assert call is not None
    assert (call.method, call.channel) == ("chat.postMessage", "C_LEADS")
    assert "1 case got drafts last week" in call.arguments["text"]
    assert f"<https://team.slack.example/archives/C1/p{world.case.thread_ts.replace('.', '')}|example>" in str(
        call.arguments["blocks"]
    )
