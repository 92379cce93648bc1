"""The five fields of cron, as cron(5) means them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cron import WEEKDAYS, Cron, parse_cron


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("*", (0, 1, 2, 3, 4, 5, 6)),
        ("sun", (0,)),
        ("0", (0,)),
        ("7", (0,)),
        ("1", (1,)),
        ("MON-fri", (1, 2, 3, 4, 5)),
        ("5-7", (0, 5, 6)),
        ("sat-mon", (0, 1, 6)),
        ("fri-1", (0, 1, 5, 6)),
        ("1-5/2", (1, 3, 5)),
        ("*/2", (0, 2, 4, 6)),
        ("mon,3,sun", (0, 1, 3)),
    ],
)
def test_weekdays_are_counted_from_sunday_by_number_or_name(field: str, days: tuple[int, ...]) -> None:
    assert parse_cron(f"0 3 * * {field}").weekdays == days


def test_every_field_becomes_its_numbers() -> None:
    assert parse_cron("*/20 9-17/4 1,15 jan-mar *") == Cron(
        minutes=(0, 20, 40), hours=(9, 13, 17), days=(1, 15), months=(1, 2, 3), weekdays=(0, 1, 2, 3, 4, 5, 6),
        either_day=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "either"),
    [("0 3 1 * mon", True), ("0 3 * * mon", False), ("0 3 1 * *", False), ("0 3 */2 * mon", False)],
)
def test_two_restricted_days_are_alternatives(text: str, either: bool) -> None:
    assert parse_cron(text).either_day is either


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("0 3 * *", "it has 4 fields, not 5"),
        ("60 3 * * *", "the minute cannot be '60'"),
        ("0 24 * * *", "the hour cannot be '24'"),
        ("0 3 0 * *", "the day of the month cannot be '0'"),
        ("0 3 * 13 *", "the month cannot be '13'"),
        ("0 3 * * 8", "the day of the week cannot be '8'"),
        ("0 3 * * sunday", "the day of the week cannot be 'sunday'"),
        ("5-1 3 * * *", "the minute cannot be '5-1'"),
        ("5/15 3 * * *", "the minute cannot be '5/15'"),
        ("*/0 3 * * *", "the minute cannot be '\\*/0'"),
        ("-1 3 * * *", "the minute cannot be '-1'"),
        ("1, 3 * * *", "the minute cannot be '1,'"),
        ("² 3 * * *", "the minute cannot be '²'"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_cron(text)


@given(st.text("0123456789*,-/ sunmo", max_size=20))
def test_whatever_is_given_is_read_whole_or_refused(text: str) -> None:
    try:
        cron = parse_cron(text)
    except ValueError:
        return
    fields = (cron.minutes, cron.hours, cron.days, cron.months, cron.weekdays)
    bounds = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
    for numbers, (low, high) in zip(fields, bounds, strict=True):
        assert numbers
        assert numbers == tuple(sorted(set(numbers)))
        assert low <= numbers[0] and numbers[-1] <= high


@given(st.sets(st.integers(0, 6), min_size=1))
def test_names_and_numbers_mean_the_same_days(days: set[int]) -> None:
    by_number = parse_cron("0 3 * * " + ",".join(str(day) for day in days))
    by_name = parse_cron("0 3 * * " + ",".join(WEEKDAYS[day] for day in days))

    assert by_number.weekdays == by_name.weekdays == tuple(sorted(days))
