"""Agents are told what their feedback changed: once, at most weekly, and not when they are to be left alone."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from bot.desk import Desk
from bot.news import tell_news
from bot.people import Identity
from bot.rendering import render_news
from core.channel_settings import ChannelSettings, QuietHours
from core.registry.bundle import NewBundle
from core.settings import Settings

DAY_S = 24 * 3600.0
NIGHT = QuietHours(time(22, 0), time(12, 0))  # it is 11:00 in Berlin
ZONE = "Europe/Berlin"


@pytest.fixture
def desk(world, tmp_path) -> Desk:
    """Of a workspace where nobody is to be looked up: only what is kept is looked at."""
    nobody: Any = None
    return Desk(
        settings=Settings(tmp_path, "sqlite://", timezone=ZONE, daily_budget=2),
        store=world.store,
        feedback=world.feedback,
        gaps=nobody,
        clock=world.clock,
        people=nobody,
        permissions=nobody,
        client=nobody,
        identity=Identity("T1", "U_BOT", "B_BOT"),
        wake=lambda lane: None,
        give_up=lambda sentence: None,
    )


@pytest.fixture
def teach(world):
    """Another version serves, which learned from what Ann and Ben have said so far."""

    def make() -> None:
        for agent in ("U_ANN", "U_BEN"):
            world.feedback.prefer(world.suggestion.id, agent, "a2", "button", f"prefer:{agent}")
        said = [one.id for one in world.store.annotations.standing(world.suggestion.id)]
        bundle = world.store.registry.register(NewBundle(0, {}, "9f00", {}, "superior", "It finds more."), said)
        world.store.registry.promote(bundle.version, "U_LEAD", "")

    return make


def told(desk: Desk) -> list[str]:
    """Whom the next round writes to."""
    tell_news(desk)
    sendings = desk.store.outbox.claim("sender", 30, 100)
    for one in sendings:
        desk.store.outbox.finish(one.id)
    return sorted(one.arguments["channel"] for one in sendings)


def set_here(desk: Desk, settings: ChannelSettings) -> None:
    desk.store.channels.set_settings("T1", "C1", settings, "U_LEAD")


def test_whoever_taught_a_version_is_told_once_and_again_a_week_later_if_there_is_another(desk, teach, watch):
    assert told(desk) == []
    teach()

    assert told(desk) == ["U_ANN", "U_BEN"]
    assert told(desk) == []

    watch.advance(6 * DAY_S)
    teach()
    assert told(desk) == []
    watch.advance(DAY_S)
    assert told(desk) == ["U_ANN", "U_BEN"]
    watch.advance(8 * DAY_S)
    assert told(desk) == []


def test_in_quiet_hours_nobody_is_told_and_afterwards_everybody(desk, teach, watch):
    teach()
    set_here(desk, ChannelSettings(quiet=NIGHT))

    assert told(desk) == []
    watch.advance(3600)
    assert told(desk) == ["U_ANN", "U_BEN"]


def test_what_waits_to_be_sent_when_quiet_hours_begin_is_sent_when_they_are_over(desk, teach, watch):
    teach()
    tell_news(desk)
    set_here(desk, ChannelSettings(quiet=NIGHT))
    for one in desk.store.outbox.claim("sender", 30, 100):
        assert render_news(one, desk) is None
        desk.store.outbox.finish(one.id)

    assert desk.store.outbox.claim("sender", 30, 100) == []
    watch.advance(3600)
    later = desk.store.outbox.claim("sender", 30, 100)
    assert sorted(one.arguments["channel"] for one in later) == ["U_ANN", "U_BEN"]


def test_beyond_the_budget_nobody_is_told_until_the_next_day(desk, teach, watch):
    teach()
    for n in range(2):
        assert desk.may_disturb(f"asked:{n}", "U_ANN", "C1")

    assert told(desk) == ["U_BEN"]
    watch.advance(DAY_S)
    assert told(desk) == ["U_ANN"]


def test_where_a_lead_has_set_nought_nobody_is_ever_told(desk, teach, watch):
    teach()
    set_here(desk, ChannelSettings(daily_budget=0))

    assert told(desk) == []
    watch.advance(3 * DAY_S)
    assert told(desk) == []


def test_who_has_switched_it_off_is_not_told_and_what_is_old_is_no_news_any_more(desk, teach, watch):
    teach()
    desk.store.told.switch_news("T1", "U_ANN", is_wanted=False)

    assert told(desk) == ["U_BEN"]

    watch.advance(15 * DAY_S)
    desk.store.told.switch_news("T1", "U_ANN", is_wanted=True)
    assert told(desk) == []
