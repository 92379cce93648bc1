"""Promises of something of value, however they are spelled."""

from __future__ import annotations

import pytest

from core.checker.grants import grants


@pytest.mark.parametrize(
    "sentence",
    [
        "You will get a full refund.",
        "We have refunded your booking.",
        "As an exception we pay you back.",
        "I can offer you a free night.",
        "Your penalty is waived.",
        "We are sending you $50.",
        "You receive 20% of the price.",
        "We add a travel credit to your account.",
        "A r e f u n d is on its way.",
        "You get a r\u200befund.",
        "You get a r\u0435fund.",  # with a Cyrillic letter
        "Sie erhalten eine Gutschrift.",
        "Le recibimos y le daremos un reembolso.",
        "We upgrade you to the larger home.",
    ],
)
def test_a_promise_is_recognised(sentence: str) -> None:
    assert grants(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Maplekey does not refund flights.",
        "I cannot waive the fee.",
        "No refund is paid.",
        "Pay with a credit card.",
        "The pet fee is charged once per stay.",
        "The host fee is $20.",
        "Open Trips and choose the booking.",
        "Check-in starts at 3 p.m.",
    ],
)
def test_a_denial_or_a_plain_fact_is_no_promise(sentence: str) -> None:
    assert not grants(sentence)
