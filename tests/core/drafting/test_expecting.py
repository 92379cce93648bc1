"""Kinds of questions and the kinds of sentences they expect."""

from __future__ import annotations

import pytest

from core.conversation import Ask
from core.drafting.expecting import fits_question


@pytest.mark.parametrize(
    ("question", "sentence", "fits"),
    [
        ("When does my refund arrive?", "Card refunds arrive within 5–7 business days.", True),
        ("When does my refund arrive?", "Next to the status you find the refund reference.", False),
        ("How much is the pet fee?", "A host may charge up to $100.", True),
        ("How much is the pet fee?", "The fee is charged once per stay.", False),
        ("Can I bring my dog?", "You can bring a pet only to some homes.", True),
        ("Can I bring my dog?", "The fee is charged once per stay.", False),
    ],
)
def test_a_time_an_amount_or_a_permission_is_expected(question: str, sentence: str, fits: bool) -> None:
    assert fits_question(Ask(question, ""), sentence, is_steps=False) is fits


def test_steps_answer_how() -> None:
    assert fits_question(Ask("How do I cancel?", ""), "Open Trips. Confirm.", is_steps=True)
