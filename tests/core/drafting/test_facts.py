"""What of a snippet can stand in a reply."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.drafting.facts import facts_of
from core.values import Snippet


def facts(text: str, section: str = "") -> list[str]:
    made = facts_of(Snippet("s", "a", 1, "Refunds", section, None, text))
    return [fact.text for fact in made if not fact.dangling and not fact.example]


def test_sentences_stand_alone_and_lose_their_markup() -> None:
    assert facts("You get a **full** refund. Open [Trips](https://example.com) first.") == [
        "You get a full refund.",
        "Open Trips first.",
    ]


def test_boilerplate_questions_and_headings_are_left_out() -> None:
    assert facts(
        "Was this article helpful? Yes / No\nLast updated 4 May 2026\nRelated articles\nA hold lasts 5 days."
    ) == ["A hold lasts 5 days."]


def test_a_sentence_that_leans_on_another_brings_it_along_or_stays_out() -> None:
    [first, second] = facts_of(
        Snippet("s", "a", 1, "T", "", None, "The host has 72 hours. It can be extended once by the guest.")
    )
    [lonely] = facts_of(Snippet("s", "a", 1, "T", "", None, "Otherwise the booking is cancelled."))

    assert (first.before, second.before) == (None, 0)
    assert lonely.dangling


def test_numbered_steps_stay_together_in_order() -> None:
    [fact] = facts_of(Snippet("s", "a", 1, "T", "", None, "1. Open Trips.\n2. Choose the booking\n3. Confirm."))

    assert fact.kind == "steps"
    assert fact.lines == ("Open Trips.", "Choose the booking.", "Confirm.")


def test_rows_of_a_table_become_readable_and_know_their_heading() -> None:
    text = (
        "- Flexible – Nights: All later nights; Cleaning fee: Not refunded\n"
        "- Strict – Nights: Nothing; Cleaning fee: –\n"
        "The word cleaning stands here in lower case, and so does nights."
    )
    [row, empty, _] = facts_of(Snippet("s", "a", 1, "T", "After check-in", None, text))

    assert row.lines == ("Flexible – nights: all later nights; cleaning fee: not refunded.",)
    assert empty.lines == ("Strict – nights: nothing.",)
    assert row.lead == "After check-in:"


def test_an_example_is_never_told_as_if_it_were_the_customers_case() -> None:
    text = "Half of the nights are refunded. Example: you booked 5 nights at $100. You get back $200 for the nights."

    assert facts(text) == ["Half of the nights are refunded."]


def test_a_short_row_without_a_heading_says_nothing() -> None:
    assert facts("- Online wallet: $20\n- Debit card: $20", section="Minimum; Method") == []


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert all(fact.lines for fact in facts_of(Snippet("s", "a", 1, "T", "", None, text)))


def test_an_item_is_told_only_under_the_line_that_gives_it_its_meaning() -> None:
    item = "- You changed the dates of an existing booking."
    under_lead = facts_of(
        Snippet("s", "a", 1, "T", "", None, f"The grace period does not apply in these cases:\n{item}")
    )
    under_heading = facts_of(Snippet("s", "a", 1, "T", "When it does not apply", None, item))
    under_none = facts_of(Snippet("s", "a", 1, "T", "What is free; When it does not apply", None, item))

    assert [fact.lead for fact in (*under_lead, *under_heading)] == [
        "The grace period does not apply in these cases:",
        "When it does not apply:",
    ]
    assert [fact.dangling for fact in under_none] == [True]


def test_an_item_that_says_itself_when_it_holds_stands_alone_unless_its_heading_denies_it() -> None:
    item = "- If the host makes no claim, the deposit is released 14 days after checkout."
    (told,) = facts_of(Snippet("s", "a", 1, "T", "When it is released; Change it", None, item))
    (denied,) = facts_of(Snippet("s", "a", 1, "T", "What is not true; Change it", None, item))

    assert (told.kind, told.dangling) == ("sentence", False)
    assert denied.dangling
