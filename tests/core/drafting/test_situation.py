"""Deadlines against what the customer tells."""

from __future__ import annotations

import pytest

from core.drafting.situation import fit, is_about_before, is_over, moments


@pytest.mark.parametrize(
    ("told", "sentence", "verdict"),
    [
        ("I arrive tomorrow", "Less than 24 hours before check-in you pay the first night.", 1),
        ("I arrive tomorrow", "You get a full refund at least 5 days before check-in.", -1),
        ("check-in is in 9 days", "You get half back at least 7 days before check-in.", 1),
        ("we checked out 20 days ago", "Claim within 14 days of checkout.", -1),
        ("we checked out a week ago", "Claim within 14 days of checkout.", 1),
        ("3 weeks before arrival", "More than 7 and up to 30 days before check-in the penalty is $150.", 1),
        ("I paid by card", "Claim within 14 days of checkout.", 0),
        ("I arrive tomorrow", "Claim within 14 days of checkout.", 0),
    ],
)
def test_a_deadline_fits_fails_or_does_not_matter(told: str, sentence: str, verdict: int) -> None:
    assert fit(sentence, moments(told)) == verdict


def test_after_the_stay_what_holds_before_it_is_over() -> None:
    assert is_over("We checked out yesterday.")
    assert not is_over("We arrive on Friday.")
    assert is_about_before("If the booking is cancelled before check-in, the deposit is released.")


def test_tomorrow_rules_out_neither_side_of_24_hours() -> None:
    told = moments("check in is tomorrow 4pm, now it is 2pm")

    assert fit("You get a full refund at least 24 hours before check-in.", told) == 1
    assert fit("You pay for the first night less than 24 hours before check-in.", told) == 1
