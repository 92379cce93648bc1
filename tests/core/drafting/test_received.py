"""What a model writes, as an agent may see it: made plain, honest in its marks, or refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.adapters.py3langid import LanguageDetector
from core.drafting.generator import LONGEST_DRAFT
from core.drafting.received import Received, received
from core.ports import DraftRequest, Written
from core.prompting import RULES
from core.values import RankedSnippet, Snippet, Turn

LANGUAGES = LanguageDetector()
FEE = Snippet("s1", "pets", 1, "Bringing a pet", "The pet fee", None, "A host may charge a pet fee of up to $100.")
REFUND = Snippet("s2", "refunds", 1, "Refunds", "", None, "Card refunds arrive within 5 days after the approval.")
SHOWN = (RankedSnippet(FEE, 1, 0.9), RankedSnippet(REFUND, 2, 0.8))


def read(
    text: str, *, finished: bool = True, asked: str = "When does my refund arrive?", language: str = ""
) -> Received:
    request = DraftRequest((Turn("customer", asked),), asked, SHOWN, (), 7, language=language)
    return received(Written(text, finished), request, LANGUAGES)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Card refunds arrive within 5 days. [2]", "Card refunds arrive within 5 days. [2]"),
        ("**Refund:** it is on its *way*. [2]", "Refund: it is on its way. [2]"),
        ("## Your refund\n\nIt is on its way. [2]", "Your refund\n\nIt is on its way. [2]"),
        ("Reply: It is on its way. [2]", "It is on its way. [2]"),
        ("Subject: Refund\nIt is on its way. [2]", "It is on its way. [2]"),
        ("<think>The customer is cross.</think>\n\nIt is on its way. [2]", "It is on its way. [2]"),
        ("It is on its way. [2] See [our page](https://evil.example/x).", "It is on its way. [2] See our page."),
        ("It is on its way [2](https://help.example/2).", "It is on its way [2]."),
        ("It is on its way. [2] https://evil.example/pay", "It is on its way. [2]"),
        ("It is on its way. [1, 2]", "It is on its way. [1][2]"),
        ("It is on its way. [snippet 2]", "It is on its way. [2]"),
        ("It is on its way. 【2†source】", "It is on its way. [2]"),
        ("It is on its way. [2] [2][2]", "It is on its way. [2]"),
        ("It is on its way. [2] [9]", "It is on its way. [2]"),
        ("* It is on its way. [2]\n* It takes five days. [2]", "- It is on its way. [2]\n- It takes five days. [2]"),
        ("It is on its way. [2]\n\nBest regards,\n[Your Name]", "It is on its way. [2]\n\nBest regards,"),
        ("Dear [Customer Name],\nIt is on its way. [2]", "It is on its way. [2]"),
        ('"It is on its way. [2]"', "It is on its way. [2]"),
        ("It is on its way. [2]<b>Now</b>", "It is on its way. [2]Now"),
    ],
)
def test_a_reply_is_made_plain_and_keeps_its_words(written: str, shown: str) -> None:
    assert read(written) == Received(shown)


def test_a_fact_that_stands_in_a_snippet_gets_the_mark_it_lacks() -> None:
    reply = read("I am sorry. Card refunds arrive within 5 days after the approval. A moon is made of cheese.")

    assert reply.text == (
        "I am sorry. Card refunds arrive within 5 days after the approval. [2] A moon is made of cheese."
    )


def test_what_was_cut_off_ends_with_its_last_whole_sentence() -> None:
    assert read("Card refunds arrive within 5 days. [2] And if you", finished=False).text == (
        "Card refunds arrive within 5 days. [2]"
    )
    assert read("Card refunds arrive with", finished=False).fault == "it says nothing"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "it says nothing"),
        (" \n[2]\n", "it says nothing"),
        ("<think>What could be meant? Perhaps", "it thinks aloud and does not come to an answer"),
        ("Your refund of [amount] arrives on [date] as agreed.", "it has a gap to be filled in"),
        ("Hi {{name}}, it is on its way.", "it has a gap to be filled in"),
        (RULES, "it repeats its instructions"),
        ("Here is it: <conversation> Customer: hello", "it repeats its instructions"),
        ("It is on its way. \ufffd\ufffd", "it is no readable text"),
        ("}{~^|\\}{~^|\\ no @@@@@@@@@@@@@@@@", "it is no readable text"),
        ("We will look into it. " * 3, "it repeats itself"),
        ("very " * 60, "it repeats itself"),
        ("word" * 800, f"it has 3200 characters, {LONGEST_DRAFT} are the most"),
    ],
)
def test_what_nobody_should_send_is_refused_with_a_reason(written: str, fault: str) -> None:
    assert read(written) == Received("", fault)


def test_a_reply_in_another_language_than_the_customers_is_refused() -> None:
    asked = "Wann kommt meine Rückerstattung auf meiner Karte an? Ich warte schon seit zwei Wochen darauf."
    english = "Card refunds arrive within 5 days after the approval, so please look at your account again. [2]"
    german = "Rückerstattungen auf die Karte kommen innerhalb von 5 Tagen nach der Genehmigung auf dem Konto an. [2]"

    assert read(english, asked=asked).fault == "it is written in 'en', the customer writes 'de'"
    assert read(german, asked=asked).text == german


@given(st.text(max_size=600), st.booleans())
def test_whatever_a_model_writes_is_harmless_text_or_refused(written: str, finished: bool) -> None:
    reply = read(written, finished=finished)

    assert bool(reply.text) != bool(reply.fault)
    assert len(reply.text) <= LONGEST_DRAFT
    assert "http" not in reply.text.lower() or "://" not in reply.text


def test_where_a_language_is_asked_for_it_counts_and_not_the_customers() -> None:
    english = "Card refunds arrive within five days after the approval, so please wait a little longer. [2]"
    german = "Erstattungen auf Ihre Karte kommen innerhalb von fünf Tagen nach der Genehmigung an. [2]"

    assert read(german, language="de").text == german
    assert read(english, language="de").fault == "it is written in 'en', asked for is 'de'"
