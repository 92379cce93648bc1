"""How much of a draft an agent changed before sending it."""

from __future__ import annotations

from difflib import SequenceMatcher


def edit_distance(draft: str, final: str) -> float:
    """0.0 where the words are the same, 1.0 where none is shared, in order.

    One minus the ratio of Ratcliff and Obershelp over words: twice the words in matching runs, divided by all words of
    both. White space does not count.
    """
    before, after = draft.split(), final.split()
    return 1.0 - SequenceMatcher(None, before, after, autojunk=False).ratio()
