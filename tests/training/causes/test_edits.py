"""Facts and wording: which of the two an edit changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.annotations import Adoption
from training.causes.edits import changes_a_fact, changes_words, claims_of, new_claims

DRAFT = "Hello,\n\nA card refund takes 5 business days. It goes back to the card that you used.\n\nKind regards"


def edited(final: str, *reasons: str) -> Adoption:
    shared = {"id": "a1", "key": "k1", "case_id": "c1", "suggestion_id": "s1", "agent_id": "U_ANN", "latency_s": 9.0}
    at = datetime(2026, 5, 4, tzinfo=UTC)
    said = {"decision": "edited", "slot": "a", "draft": DRAFT, "final": final, "reasons": reasons}
    return Adoption.model_validate({**shared, "created_at": at, "source": "modal", **said})


@pytest.mark.parametrize(
    ("final", "reasons", "is_fact"),
    [
        (DRAFT.replace("5 business", "3 business"), (), True),
        (DRAFT.replace("5 business", "3 business"), ("tone",), True),
        (DRAFT.replace("5 business", "3 business"), ("my_preference",), False),
        (DRAFT.replace("It goes back", "It does not go back"), (), True),
        (DRAFT + "\n\nThe cleaning fee is only refunded when the host cancels.", (), True),
        (DRAFT.replace("Hello", "Dear Ana"), (), False),
        (DRAFT.replace("Kind regards", "All the best, Ann"), (), False),
        ("A card refund takes 5 business days.", (), False),
        ("A card refund takes 5 business days.", ("too_long",), False),
        ("A card refund takes 5 business days.", ("wrong_fact",), True),
        ("Your money comes back to your card within a week, no worries at all.", ("tone",), False),
    ],
)
def test_an_edit_changes_a_fact_where_it_says_something_else(final, reasons, is_fact):
    assert changes_a_fact(edited(final, *reasons)) is is_fact


def test_spaces_and_punctuation_are_no_words():
    assert not changes_words(edited(DRAFT.replace("Hello,\n\n", "Hello: ")))
    assert changes_words(edited(DRAFT.replace("Hello", "Dear Ana")))


def test_claims_are_what_a_reply_states():
    assert claims_of(DRAFT) == ("A card refund takes 5 business days.", "It goes back to the card that you used.")
    assert claims_of("Hello! Could you tell me your booking? Thanks.") == ()
    assert new_claims(DRAFT, DRAFT + "\n\nA voucher is there at once and for two years.") == (
        "A voucher is there at once and for two years.",
    )
