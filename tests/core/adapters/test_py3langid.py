"""Languages, told apart by the packaged model."""

from __future__ import annotations

import pytest

from core.adapters.py3langid import LanguageDetector


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("When will I get my money back for the cancelled stay?", "en"),
        ("Wann bekomme ich mein Geld für die stornierte Buchung zurück?", "de"),
        ("¿Cuándo me devuelven el dinero de la reserva cancelada?", "es"),
        ("Quand vais-je recevoir le remboursement de mon séjour annulé ?", "fr"),
        ("Quando ricevo il rimborso della prenotazione annullata?", "it"),
        ("Quando recebo o reembolso da reserva que foi cancelada?", "pt"),
    ],
)
def test_a_sentence_is_enough(text: str, language: str) -> None:
    found, confidence = LanguageDetector().detect(text)

    assert found == language
    assert 0.5 < confidence <= 1.0


@pytest.mark.parametrize("text", ["", "ok", "👍 123", "refund?"])
def test_a_few_letters_are_not(text: str) -> None:
    assert LanguageDetector().detect(text) == ("und", 0.0)
