"""Which sample cases a demo plays."""

from __future__ import annotations

from bot.demo.selection import cases_to_play, shown_first


def test_even_one_case_brings_a_gap_report() -> None:
    (case,) = cases_to_play(1)

    assert case.articles == ()


def test_the_cases_come_from_every_part_by_turns() -> None:
    parts = {case.id[0] for case in cases_to_play(5)}

    assert parts == {"a", "b", "c"}


def test_the_same_number_plays_the_same_cases() -> None:
    assert cases_to_play(20) == cases_to_play(20)


def test_more_cases_than_there_are_start_over() -> None:
    cases = cases_to_play(600)

    assert len(cases) == 600
    assert len({case.id for case in cases}) < 600


def test_what_waits_in_the_channel_opens_with_the_customer() -> None:
    assert all(case.turns[0].role == "customer" for case in shown_first())
