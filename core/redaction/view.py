"""A text as patterns can read it: every script's digits as 0-9, every space and dash as one, the invisible left out.

People paste numbers with no-break spaces, full-width digits or zero-width characters between them. Only the view is
changed; what is not masked stays as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# Stands where something is masked: belongs to no word, no number and no text (a text has no NUL).
MASKED = "\x00"
_INVISIBLE = frozenset({"Cf", "Cs", "Me"})  # joiners and marks of direction, half surrogates, enclosing marks
_SPACES_AND_DASHES = {"Zs": " ", "Pd": "-"}
_ALIKE = {"\u2212": "-", "\ufe6b": "@"}  # minus sign, small at
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_TO_ASCII = 0xFEE0
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


@dataclass(frozen=True, slots=True)
class View:
    """What patterns search, and for each of its characters the place in the original."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where this stretch (never empty) stands in the original."""
        return self.places[start], self.places[end - 1] + 1


def view_of(text: str, masks: re.Pattern[str]) -> View:
    """The text as patterns read it; masks that stand in it already are hidden from them."""
    text = masks.sub(lambda match: MASKED * len(match.group()), text)
    if text.isascii():
        return View(text, range(len(text)))
    characters, places = [], []
    for place, character in enumerate(text):
        read = _read(character)
        if read:
            characters.append(read)
            places.append(place)
    return View("".join(characters), places)


@lru_cache(maxsize=4096)
def _read(character: str) -> str:
    """The character as patterns read it; "" for one that nobody sees."""
    if character in _ALIKE:
        return _ALIKE[character]
    if ord(character) in _FULL_WIDTH:
        return chr(ord(character) - _TO_ASCII)
    if ord(character) in _VARIATION_SELECTORS:
        return ""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "" if category in _INVISIBLE else _SPACES_AND_DASHES.get(category, character)
