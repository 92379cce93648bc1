"""Marks for what people wrote, and which edits are worse than their drafts."""

from __future__ import annotations

from core.checker.lexical import LexicalChecker
from core.values import RankedSnippet, Snippet, Turn
from training.lessons.cited_replies import cited_reply, is_worse

SHOWN = tuple(
    RankedSnippet(Snippet(f"s{n}", f"a{n}", 1, title, "", None, text), n, 1.0 / n)
    for n, (title, text) in enumerate(
        [
            ("Refunds", "Card refunds arrive within five days. You see them on your statement."),
            ("Pets", "A host may charge a pet fee of 30 euros."),
        ],
        1,
    )
)
TURNS = (Turn("customer", "When does my card refund arrive?"),)


def report(text: str):
    return LexicalChecker().check(text, SHOWN, TURNS)


def test_a_sentence_gets_the_number_of_the_snippet_that_says_it() -> None:
    assert cited_reply("Hi Ana, card refunds arrive within five days. A host may charge a pet fee.", SHOWN) == (
        "Hi Ana, card refunds arrive within five days. [1] A host may charge a pet fee. [2]"
    )


def test_a_sentence_taken_over_keeps_the_marks_of_the_draft() -> None:
    draft = "Refunds are quick. [1] [2] A host may charge a pet fee. [2]"

    assert cited_reply("Refunds are quick.", SHOWN, draft) == "Refunds are quick. [1] [2]"


def test_what_no_snippet_says_and_what_states_nothing_stays_without_a_mark() -> None:
    text = "Hello Ana! Our office moved to Lisbon. Kind regards"

    assert cited_reply(text, SHOWN) == text


def test_lines_and_lists_stay_as_they_were_written() -> None:
    text = "Hi Ana,\n\nsome facts:\n- Card refunds arrive within five days.\n- A host may charge\n  a pet fee.\n\nBye"

    assert cited_reply(text, SHOWN) == (
        "Hi Ana,\n\nsome facts:\n- Card refunds arrive within five days. [1]\n- A host may charge"
        "\n  a pet fee. [2]\n\nBye"
    )


def test_marks_that_are_there_already_are_set_anew() -> None:
    assert (
        cited_reply("Card refunds arrive within five days. [2]", SHOWN) == "Card refunds arrive within five days. [1]"
    )


def test_an_edit_that_adds_what_nothing_supports_is_worse() -> None:
    draft = report("Card refunds arrive within five days. [1]")

    assert is_worse(report(cited_reply("Card refunds arrive within two hours.", SHOWN)), draft)
    assert is_worse(report("We grant you a voucher of 50 euros."), draft)
    assert is_worse(report("Thank you for writing!"), draft)  # no answer any more


def test_an_edit_of_the_manner_alone_is_not_worse() -> None:
    draft = report("Card refunds arrive within five days. [1]")

    assert not is_worse(report("Hi Ana! Card refunds arrive within five days. [1] Enjoy your stay!"), draft)


def test_an_edit_that_takes_a_fault_out_is_not_worse() -> None:
    draft = report("Card refunds arrive within two hours. [1] A host may charge a pet fee. [2]")

    assert not is_worse(report("Card refunds arrive within five days. [1]"), draft)
