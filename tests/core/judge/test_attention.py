"""Haste, and the same button again and again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.judge.attention import faster_than_reading, straight_lining

from .conftest import NINE, on_screen

LONG = {"a": ("word " * 100, (1,)), "b": ("term " * 75, (2,))}  # skimmed in 15 s


@pytest.mark.parametrize(("latency_s", "weight"), [(1.0, 0.3), (3.7, 0.3), (3.8, 0.6), (14.9, 0.6)])
def test_a_preference_faster_than_skimming_both_drafts_is_doubted(desk, evidence_on, latency_s, weight):
    found = faster_than_reading(evidence_on(desk.prefers("a2", latency_s=latency_s), suggestion=on_screen(1, LONG)))

    assert found is not None
    assert found.weight == weight
    assert "skimming them takes 15 s" in found.reason


def test_who_takes_the_time_who_reads_a_revision_and_who_has_no_clock_are_believed(desk, evidence_on):
    calm, quick = desk.prefers("a2", latency_s=15.1), desk.prefers("a2", latency_s=0.5)
    unknown = desk.prefers("a2", latency_s=None)

    assert faster_than_reading(evidence_on(calm, suggestion=on_screen(1, LONG))) is None
    assert faster_than_reading(evidence_on(quick, suggestion=on_screen(2, LONG))) is None
    assert faster_than_reading(evidence_on(unknown, suggestion=on_screen(1, LONG))) is None
    assert faster_than_reading(evidence_on(quick, suggestion=None)) is None


def test_who_sends_a_draft_need_not_have_read_the_other(desk, evidence_on):
    sent = desk.sends("a", latency_s=9.0)  # A is skimmed in 8.6 s, both in 15 s

    assert faster_than_reading(evidence_on(sent, suggestion=on_screen(1, LONG))) is None
    preferred = desk.prefers("a2", latency_s=9.0)
    assert faster_than_reading(evidence_on(preferred, suggestion=on_screen(1, LONG))) is not None


@pytest.mark.parametrize("run", [8, 20])
def test_the_same_side_again_and_again_is_doubted(desk, evidence_on, run):
    choices = [desk.prefers("b1") for _ in range(run)]

    found = straight_lining(evidence_on(choices[-1], before=tuple(reversed(choices[:-1]))))

    assert found is not None
    assert found.weight == 0.3
    assert found.reason.startswith(f"chose B {run} times")


def test_a_shorter_run_a_broken_one_and_ties_are_not(desk, evidence_on):
    seven = [desk.prefers("b1") for _ in range(7)]
    assert straight_lining(evidence_on(seven[-1], before=tuple(seven[:-1]))) is None

    broken = [*[desk.prefers("b1") for _ in range(5)], desk.prefers("a1"), *[desk.prefers("b3") for _ in range(5)]]
    assert straight_lining(evidence_on(broken[-1], before=tuple(reversed(broken[:-1])))) is None

    ties = [desk.prefers("tie") for _ in range(12)]
    assert straight_lining(evidence_on(ties[-1], before=tuple(ties[:-1]))) is None


def test_five_marks_alike_in_three_seconds_are_doubted_and_in_five_are_not(desk, evidence_on):
    quick = [desk.marks(n, "irrelevant", created_at=NINE + timedelta(seconds=0.5 * n)) for n in range(1, 6)]
    found = straight_lining(evidence_on(quick[-1]))
    assert found is not None
    assert found.weight == 0.3

    desk.made.clear()
    calm = [desk.marks(n, "irrelevant", created_at=NINE + timedelta(seconds=n)) for n in range(1, 6)]
    assert straight_lining(evidence_on(calm[-1])) is None


def test_marks_that_differ_or_are_few_are_believed(desk, evidence_on):
    at = {"created_at": NINE}
    four = [desk.marks(n, "irrelevant", **at) for n in range(1, 5)]
    assert straight_lining(evidence_on(four[-1])) is None

    mixed = desk.marks(5, "helpful", **at)
    assert straight_lining(evidence_on(mixed)) is None
