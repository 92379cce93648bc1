"""The measure of redaction: what it counts, and that the shipped texts lose nothing but addresses and numbers."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner

from training.bench.personal_numbers import OTHERS, SORTS, fill
from training.bench.redaction import false_alarm_rate, is_masked, main, masks_in, recall


def test_a_mask_counts_as_right_only_where_something_personal_stood():
    found = masks_in([("one", "Write to jo@example.com"), ("two", "My SSN is 536-22-4571"), ("three", "Hello")])

    assert [(one.source, one.mask, one.alarm) for one in found] == [
        ("one", "[email]", False),
        ("two", "[tax id]", True),
    ]


@pytest.mark.parametrize(
    ("number", "text", "masked"),
    [
        ("536-22-4571", "My SSN is 536-22-4571.", True),
        ("536-22-4571", "Order 536-22-4571.", False),
        ("12", "Room 12, tel 030 901820", False),  # the rest must stay as it was
    ],
)
def test_a_number_counts_as_masked_when_it_is_gone_and_nothing_else(number, text, masked):
    assert is_masked(number, text) is masked


def test_shapes_are_filled_in():
    assert fill("##-@%", random.Random(1)) != fill("##-@%", random.Random(2))
    assert fill("Booking", random.Random(1)) == "Booking"


def test_references_are_hardly_ever_taken_for_personal_numbers():
    rate, _ = false_alarm_rate(OTHERS, 50, random.Random(3))

    assert rate < 0.01


@pytest.mark.slow
def test_nearly_every_named_number_is_masked_in_every_country():
    rows = recall(1, random.Random(3))

    assert len(rows) > len(SORTS)
    assert [row for row in rows if row.named is not None and row.named < 0.5] == []
    assert sum(row.named or 0 for row in rows) / len(rows) > 0.98


@pytest.mark.slow
def test_the_sample_texts_lose_nothing_but_what_is_personal_by_its_form():
    answer = CliRunner().invoke(main, ["--sample", "--each", "1", "--json"])

    result = json.loads(answer.stdout)
    assert (result["false_alarms"], result["texts"]) == (0, 1561)
    assert result["texts_with_a_mask"] > 10
