"""Which language a text is written in: the trained n-gram model of py3langid, loaded at the first use."""

from __future__ import annotations

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

_FEWEST_LETTERS = 12  # a shorter text says too little


class LanguageDetector:
    """Names the language of what customers write. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = Lock()

    def detect(self, text: str) -> tuple[str, float]:
        """ISO 639 code and confidence in [0, 1]; ("und", 0.0) for a text too short to tell."""
        if sum(letter.isalpha() for letter in text) < _FEWEST_LETTERS:
            return "und", 0.0
        with self._lock:
            language, confidence = self._model.classify(text)
        return str(language), float(confidence)

    @cached_property
    def _model(self) -> LanguageIdentifier:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
