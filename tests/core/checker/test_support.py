"""One claim against one snippet: what is said, and what was changed on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.checker.support import support
from core.values import Snippet

FLEXIBLE = Snippet(
    id="flexible",
    article_id="cancel-flexible",
    article_version=1,
    title="Cancelling a stay under the Flexible policy",
    section="What you get back",
    url=None,
    text=(
        "The Flexible policy gives you a full refund if you cancel at least 24 hours before check-in.\n"
        "If you cancel a Flexible booking less than 24 hours before check-in, you pay for the first night and the "
        "guest service fee. All other nights and the cleaning fee are refunded.\n"
        "The host may charge a pet fee of up to $100 per stay. Maplekey does not refund flights.\n"
        "The host pays the guest back within 3 days. You must answer within 72 hours.\n"
        "- less than 48 hours before check-in: $500\n"
        "- from 48 hours up to 7 days before check-in: $300"
    ),
)


@pytest.mark.parametrize(
    "claim",
    [
        "The Flexible policy gives you a full refund if you cancel at least 24 hours before check-in.",
        "Less than 48 hours before check-in: $500.",
        "You get a full refund under Flexible if you cancel at least 24 hours before check-in.",
        "With Flexible, a full refund is possible if you cancel at least 1 day before check-in.",
        "Flights are not refunded by Maplekey.",
        "The pet fee can be up to $100 per stay.",
        "Please answer within 72 hours.",
    ],
)
def test_what_the_snippet_says_is_supported(claim: str) -> None:
    assert support(claim, FLEXIBLE).supported


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The Flexible policy gives you a full refund if you cancel at least 12 hours before check-in.", "12 hours"),
        ("The Flexible policy gives you a full refund if you cancel less than 24 hours before check-in.", "less"),
        ("The Flexible policy gives you a full refund.", "condition"),
        ("Maplekey does refund flights.", "not"),
        ("Maplekey refunds flights.", ""),
        ("The host may charge a pet fee of up to $150 per stay.", "$150"),
        ("The host may charge a pet fee of $100 per stay.", "$100"),
        ("The host must charge a pet fee of up to $100 per stay.", "must"),
        ("The guest pays the host back within 3 days.", ""),
        ("You may answer within 72 hours.", "duty"),
        ("Less than 48 hours before check-in: $300.", "$300"),
        ("You get a travel credit of $100 from us.", "promises something"),
        ("Your full refund of $2,180 has been approved.", ""),
        ("Bicycles can be rented at the harbour.", "does not mention"),
    ],
)
def test_what_was_changed_is_named(claim: str, reason: str) -> None:
    verdict = support(claim, FLEXIBLE)

    assert not verdict.supported
    assert reason in verdict.reason


def test_half_a_row_of_a_table_is_not_taken_for_another_row() -> None:
    verdict = support("From 48 hours up to 7 days before check-in you pay $500.", FLEXIBLE)

    assert not verdict.supported


@given(st.text(max_size=200))
def test_any_claim_gets_a_verdict_and_a_reason(claim: str) -> None:
    verdict = support(claim, FLEXIBLE)

    assert verdict.reason
    assert 0.0 <= verdict.covered <= 1.0
