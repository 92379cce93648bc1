"""The words by which snippets and conversations are matched: content words, stemmed."""

from __future__ import annotations

from dataclasses import dataclass

from core.values import Snippet
from core.words import content_words, stem


def terms_of(text: str) -> list[str]:
    """Stems in order, repeated ones too; [] for a text without content words."""
    return [stem(word) for word in content_words(text)]


@dataclass(frozen=True, slots=True)
class SnippetTerms:
    """One snippet's terms by where they stand, so that each text is read once."""

    title: list[str]
    section: list[str]
    text: list[str]

    @classmethod
    def of(cls, snippet: Snippet) -> SnippetTerms:
        """Of its title, section path and text."""
        return cls(terms_of(snippet.title), terms_of(snippet.section), terms_of(snippet.text))

    @property
    def all(self) -> list[str]:
        """Those of everything that is embedded."""
        return [*self.title, *self.section, *self.text]
