"""The trend by weeks: counted by the database, drawn only where there is enough."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from core.metrics.weekly import Line, Trend, Week, trend_of, week_begins

END = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday


def test_decisions_and_marks_fall_into_their_weeks(history, store, watch):
    watch.advance(7 * 24 * 3600)  # Monday, 11 May
    history[0].feedback.mark(history[3].suggestion.id, "U_BOB", 2, "irrelevant", "button", "late")
    watch.advance(1)
    begins = week_begins(watch(), 3)

    assert [begin.day for begin in begins] == [27, 4, 11]
    assert store.weekly.weeks(begins, "T1") == [
        Week(begins[0]),
        Week(begins[1], 20, 13, 20, 15),
        Week(begins[2], 0, 0, 1, 0),
    ]
    assert store.weekly.weeks(begins, "T2") == [Week(begin) for begin in begins]


def test_a_day_on_which_a_week_ends_there_is_shared_between_two_weeks(new_world, store, watch):
    world = new_world("1.0")
    watch.advance((6 * 24 + 2.5) * 3600)  # Sunday, 10 May, 11:30 UTC: half an hour before Monday in Auckland
    world.feedback.mark(world.suggestion.id, "U_BOB", 1, "helpful", "button", "before")
    watch.advance(3600)
    world.feedback.mark(world.suggestion.id, "U_BOB", 2, "irrelevant", "button", "after")
    watch.advance(3 * 24 * 3600)

    begins = week_begins(watch(), 2, ZoneInfo("Pacific/Auckland"))

    assert store.weekly.weeks(begins, "T1") == [Week(begins[0], 0, 0, 1, 1), Week(begins[1], 0, 0, 1, 0)]
    assert store.weekly.weeks(begins) == store.weekly.weeks(begins, "T1")


def test_a_week_with_too_little_is_left_out_and_so_is_a_line_that_has_gaps():
    begins = week_begins(END, 3)
    full, thin = Week(begins[0], 20, 10, 40, 30), Week(begins[1], 19, 10, 40, 30)
    unmarked = Week(begins[2], 40, 30, 19, 19)

    assert trend_of([full, thin, unmarked]) == Trend((begins[0], begins[2]), (Line("Drafts sent", (0.5, 0.75)),))
    assert trend_of([full, thin]) is None


def test_both_lines_stand_where_every_week_has_both():
    begins = week_begins(END, 2)

    trend = trend_of([Week(begins[0], 20, 10, 40, 30), Week(begins[1], 20, 15, 40, 10)])

    assert trend is not None
    assert trend.lines == (Line("Drafts sent", (0.5, 0.75)), Line("Helpful snippets", (0.75, 0.25)))
    assert begins == [END - timedelta(days=14), END - timedelta(days=7)]


def test_a_week_begins_at_midnight_there_and_the_last_one_may_not_be_over():
    tokyo = ZoneInfo("Asia/Tokyo")

    assert week_begins(END + timedelta(hours=3), 2) == [END - timedelta(days=7), END]
    assert week_begins(END - timedelta(hours=10), 1, tokyo) == [datetime(2026, 5, 24, 15, 0, tzinfo=UTC)]
    assert week_begins(END - timedelta(hours=8), 1, tokyo) == [datetime(2026, 5, 31, 15, 0, tzinfo=UTC)]
