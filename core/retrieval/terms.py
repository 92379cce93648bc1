"""The words by which snippets and conversations are matched: content words, stemmed."""

from __future__ import annotations

from core.words import content_words, stem


def terms_of(text: str) -> list[str]:
    """Stems in order, repeated ones too; [] for a text without content words."""
    return [stem(word) for word in content_words(text)]
