"""What of a sentence states a fact."""

from __future__ import annotations

import dataclasses

import pytest

from core.checker.speech import claim_of
from core.drafting.phrases import BY_LANGUAGE
from core.sentences import split_sentences


@pytest.mark.parametrize(
    "sentence",
    [
        "Hello,",
        "Thanks for the details.",
        "I am sorry about the trouble with your refund.",
        "I'm sorry to hear that!",
        "Which of the two do you mean?",
        "Let me know if anything is still open.",
        "Please tell me what is different.",
        "I could not find an answer to this in our help centre.",
        "What else matters here:",
        "Lamento mucho lo ocurrido.",
        "Gern!",
        "Kind regards",
    ],
)
def test_greeting_regretting_asking_and_closing_state_nothing(sentence: str) -> None:
    assert claim_of(sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "claim"),
    [
        ("Yes, pets are allowed in this home.", "pets are allowed in this home."),
        ("I'm sorry, but the fee is not refunded.", "the fee is not refunded."),
        ("No co-host can change payout methods.", "No co-host can change payout methods."),
        ("Open Trips and choose the booking.", "Open Trips and choose the booking."),
        ("Hidden details appear as [hidden].", "Hidden details appear as [hidden]."),
    ],
)
def test_a_fact_remains_without_what_only_leads_in_to_it(sentence: str, claim: str) -> None:
    assert claim_of(sentence) == claim


@pytest.mark.parametrize(
    "sentence",
    [
        "I am sorry that you will get a full refund.",
        "Thanks, we have refunded $500.",
        "I understand and you get your money back today:",
        "Let me know if the refund of $500 that we send you does not arrive.",
    ],
)
def test_a_promise_cannot_hide_in_a_courtesy(sentence: str) -> None:
    assert claim_of(sentence) != ""


@pytest.mark.parametrize("language", list(BY_LANGUAGE))
def test_no_phrase_of_ours_states_a_fact(language: str) -> None:
    phrases = dataclasses.asdict(BY_LANGUAGE[language]).values()
    texts = [one for group in phrases for one in ([group] if isinstance(group, str) else group)]
    said = [text.format(title="X", one="X", other="Y", topic="your refund") if "{" in text else text for text in texts]

    assert [one for text in said for one in split_sentences(text) if claim_of(one)] == []
