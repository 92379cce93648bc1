"""Amounts, deadlines and percentages, read and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checker.quantities import Quantity, missing, quantities


@pytest.mark.parametrize(
    ("text", "value", "unit", "bound"),
    [
        ("You get $1,870.50 back.", 1870.5, "$", ""),
        ("It costs 80 dollars.", 80, "$", ""),
        ("up to 50% of the price", 50, "%", "most"),
        ("3 % of the subtotal", 3, "%", ""),
        ("at least 24 hours before", 24, "hour", "least"),
        ("less than 2 days before", 48, "hour", "below"),
        ("28 nights or more", 28, "night", "least"),
        ("$300 at most", 300, "$", "most"),
        ("two nights", 2, "night", ""),
        ("within 10 business days", 10, "business day", ""),
        ("by 3 p.m.", 3, "p.m.", ""),
        ("on 1 February", 1, "february", ""),
        ("on February 1", 1, "february", ""),
    ],
)
def test_a_quantity_is_read_with_its_unit_and_its_bound(text: str, value: float, unit: str, bound: str) -> None:
    found = quantities(text)

    assert [(one.value, one.unit, one.bound) for one in found] == [(value, unit, bound)]


def test_a_range_gives_both_ends_the_unit_that_stands_behind_it() -> None:
    assert [(one.value, one.unit) for one in quantities("5–7 business days")] == [
        (5, "business day"),
        (7, "business day"),
    ]


def test_citation_marks_and_list_numbers_are_no_quantities() -> None:
    assert quantities("1. Open Trips [2].\n2. Choose Cancel stay [12].") == []


def test_a_bare_one_is_no_quantity() -> None:
    assert quantities("Choose the new one.") == []


@pytest.mark.parametrize(
    ("claimed", "source", "missed"),
    [
        ("2 days", "48 hours", False),
        ("$500", "$300", True),
        ("$500", "500 nights", True),
        ("24 hours", "at least 24 hours", False),
        ("less than 24 hours", "at least 24 hours", True),
        ("$100", "up to $100", True),
        ("at most $100", "up to $100", False),
        ("5 business days", "5 days", True),
    ],
)
def test_a_quantity_is_missing_where_value_unit_or_direction_differ(claimed: str, source: str, missed: bool) -> None:
    assert bool(missing(quantities(claimed), quantities(source))) is missed


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    assert all(isinstance(one, Quantity) for one in quantities(text))
