"""English keywords for other languages."""

from __future__ import annotations

import pytest

from core.glossary import english_keywords


@pytest.mark.parametrize(
    ("text", "keywords"),
    [
        ("¿Cuándo recibiré mi reembolso?", {"refund"}),
        ("Je voudrais annuler ma réservation", {"cancel", "booking"}),
        ("Wie hoch ist die Kaution?", {"deposit"}),
        ("O cartão foi recusado", {"card", "declined"}),
        ("Vorrei sapere quanto costa il cane", {"pet", "dog"}),
    ],
)
def test_everyday_words_of_support_are_known(text: str, keywords: set[str]) -> None:
    assert keywords <= set(english_keywords(text).split())


@pytest.mark.parametrize("text", ["Can I cancel my booking and get a refund?", "", "!!!", "how do i pay for the stay"])
def test_english_needs_none(text: str) -> None:
    assert english_keywords(text) == ""
