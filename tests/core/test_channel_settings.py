"""What a lead sets for a channel, and when its quiet hours hold."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from core.channel_settings import DEFAULTS, LANGUAGES, ChannelSettings, QuietHours
from core.drafting.phrases import BY_LANGUAGE

BERLIN = ZoneInfo("Europe/Berlin")  # two hours ahead of UTC in May
NIGHT = QuietHours(time(22, 0), time(7, 30))


def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [(at(19, 59), False), (at(20, 0), True), (at(2, 0), True), (at(5, 29), True), (at(5, 30), False)],
)
def test_quiet_hours_may_go_over_midnight_and_are_in_the_zone_of_the_team(moment, is_quiet):
    assert NIGHT.hold(moment, BERLIN) == is_quiet
    assert ChannelSettings(quiet=NIGHT).is_quiet(moment, BERLIN) == is_quiet
    assert not DEFAULTS.is_quiet(moment, BERLIN)


def test_quiet_hours_of_one_day_begin_with_their_first_minute_and_end_before_their_last():
    lunch = QuietHours(time(12, 0), time(13, 0))

    assert [lunch.hold(at(hour), UTC) for hour in (11, 12, 13)] == [False, True, False]


def test_they_are_over_at_their_end_today_or_tomorrow():
    assert NIGHT.over_at(at(21), BERLIN) == at(5, 30, day=5)
    assert NIGHT.over_at(at(3), BERLIN) == at(5, 30)
    assert NIGHT.over_at(at(12), BERLIN) == at(12)


def test_there_are_phrases_for_every_language_that_can_be_chosen():
    assert list(LANGUAGES) == list(BY_LANGUAGE)


def test_what_is_set_for_a_channel_counts_there_alone_and_goes_along_with_its_id(store, watch):
    set_by_lead = ChannelSettings(
        candidates=False,
        bots=("B0HELP",),
        language="de",
        daily_budget=0,
        quiet=NIGHT,
        approvers=("U_OWN",),
    )

    store.channels.set_settings("T1", "C1", ChannelSettings(language="fr"), "U_LEAD")
    store.channels.set_settings("T1", "C1", set_by_lead, "U_LEAD")

    kept = store.channels.settings("T1", "C1")
    assert (kept.candidates, kept.bots, kept.language) == (False, ("B0HELP",), "de")
    assert (kept.daily_budget, kept.quiet, kept.approvers) == (0, NIGHT, ("U_OWN",))
    assert (kept.changed_by, kept.changed_at) == ("U_LEAD", watch())
    assert store.channels.settings("T1", "C2") == DEFAULTS
    assert store.channels.settings("T2", "C1") == DEFAULTS

    store.channels.rename("T1", "C1", "C9")
    assert store.channels.all_settings("T1") == {"C9": kept}
