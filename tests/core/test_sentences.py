"""Sentences as a reader would cut them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sentences import split_sentences


def test_blank_text_has_no_sentences():
    assert split_sentences(" \n\n \t") == []


def test_prices_times_and_abbreviations_do_not_end_a_sentence():
    text = "You get $1,200.50 back if you cancel by 5 p.m. on May 4. The max. fee is approx. 3.5 %, e.g. for Dr. Lee."

    assert split_sentences(text) == [
        "You get $1,200.50 back if you cancel by 5 p.m. on May 4.",
        "The max. fee is approx. 3.5 %, e.g. for Dr. Lee.",
    ]


def test_a_time_at_the_end_of_a_sentence_ends_it():
    assert split_sentences("Check-in is at 3 p.m. Guests may arrive later.") == [
        "Check-in is at 3 p.m.",
        "Guests may arrive later.",
    ]


def test_list_items_are_sentences_of_their_own_without_their_markers():
    text = "Do this:\n\n1. Open Trips.\n2. Choose the booking\n- Keep the receipt. Photos help\n* Send"

    assert split_sentences(text) == [
        "Do this:",
        "Open Trips.",
        "Choose the booking",
        "Keep the receipt.",
        "Photos help",
        "Send",
    ]


def test_wrapped_lines_are_one_sentence_and_short_lines_are_not():
    wrapped = "The host has seventy-two hours to answer the request, counted from\nthe moment it was sent."
    lines = "Hello\nI want my money\nBob"

    assert split_sentences(wrapped) == [wrapped.replace("\n", " ")]
    assert split_sentences(lines) == ["Hello", "I want my money", "Bob"]


def test_customers_without_capitals_are_understood():
    assert split_sentences("hi. i paid twice. where is it?? it's been weeks") == [
        "hi.",
        "i paid twice.",
        "where is it??",
        "it's been weeks",
    ]


def test_addresses_stay_whole():
    assert split_sentences("See www.Example.com/A.B now. Write to a.b@Example.com. Thanks.") == [
        "See www.Example.com/A.B now.",
        "Write to a.b@Example.com.",
        "Thanks.",
    ]


def test_citation_marks_stay_with_what_they_support():
    assert split_sentences("You get a refund. [1] It takes 5 days.[2][3] Then ask [1].") == [
        "You get a refund. [1]",
        "It takes 5 days.[2][3]",
        "Then ask [1].",
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("¿Dónde está mi reembolso? Gracias.", ["¿Dónde está mi reembolso?", "Gracias."]),
        ("Das kostet 5,50 €. Z.B. am 3. Mai.", ["Das kostet 5,50 €.", "Z.B. am 3. Mai."]),
        ("Room No. 5 is free. No. We stay.", ["Room No. 5 is free.", "No.", "We stay."]),
        ("(It is free.) Then ask.", ["(It is free.)", "Then ask."]),
    ],
)
def test_other_habits_of_writing(text, sentences):
    assert split_sentences(text) == sentences


@given(st.text(alphabet=st.sampled_from("ab A.!? \n-1[]2)(\"'$,:"), max_size=120))
def test_no_word_is_lost_or_made_up(text):
    sentences = split_sentences(text)

    letters = [c for c in text if c.isalpha()]
    # a marker such as "a)" is the only thing that may go
    kept = [c for sentence in sentences for c in sentence if c.isalpha()]
    assert len(letters) - len(kept) <= text.count(")") + text.count(".") + text.count("-")
    assert all(sentence == " ".join(sentence.split()) and sentence for sentence in sentences)
