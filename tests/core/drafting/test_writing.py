"""Marks, lists and headings of a draft."""

from __future__ import annotations

import pytest

from core.drafting.facts import Fact, PlacedFact
from core.drafting.writing import cited, list_text, sentence_text
from core.sentences import split_sentences
from core.values import RankedSnippet, Snippet


def placed(fact: Fact, n: int = 2) -> PlacedFact:
    return PlacedFact(fact, RankedSnippet(Snippet("s", "a", 1, "T", "", None, "x"), n, 0.5), 0)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("You pay nothing.", "You pay nothing [2]."),
        ("Check-in is at 3 p.m.", "Check-in is at 3 p.m. [2]"),
        ("Choose “Paid”.", "Choose “Paid” [2]."),
        ("Open Trips. Confirm!", "Open Trips [2]. Confirm [2]!"),
        ("5 days", "5 days [2]."),
    ],
)
def test_every_sentence_is_marked_before_its_final_punctuation(line: str, text: str) -> None:
    assert cited(line, 2) == text


def test_steps_are_numbered_under_their_lead() -> None:
    steps = placed(Fact("steps", ("Open Trips.", "Confirm."), lead="To cancel:"))

    assert list_text(steps) == "To cancel [2]:\n1. Open Trips [2].\n2. Confirm [2]."


def test_a_row_is_read_with_its_heading() -> None:
    row = placed(Fact("row", ("Debit card: within 30 minutes.",), lead="When the money arrives:"))

    assert sentence_text(row) == "When the money arrives – Debit card: within 30 minutes [2]."


def test_a_sentence_follows_the_one_it_leans_on() -> None:
    first = placed(Fact("sentence", ("The host has 72 hours.",)))
    second = PlacedFact(Fact("sentence", ("It can be extended.",), before=0), first.ranked, 1)

    assert sentence_text(second, [first]) == "The host has 72 hours [2]. It can be extended [2]."


def test_a_mark_behind_an_abbreviation_stays_with_its_sentence() -> None:
    text = f"{cited('Check-in is at 3 p.m.', 1)} {cited('Keys are in the box.', 2)}"

    assert split_sentences(text) == ["Check-in is at 3 p.m. [1]", "Keys are in the box [2]."]
