"""Rows that can be read: those without words, and those of which most would be cut away, teach nothing.

A few are dropped and counted; many mean that something is wrong, and nothing is trained.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from training.errors import TooManyDropped

Row = dict[str, Any]
MOST_LOST = 0.05  # of the rows


def readable(part: str, rows: Sequence[Row], columns: Sequence[str], tokenizer: Any, window: int) -> list[Row]:
    """The rows that have words in all these columns, and of which together at least half fits into the window.

    `tokenizer`: as transformers has them; `window`: in tokens. Raises TooManyDropped where more than 5 % are lost.
    """
    kept = [row for row in rows if _has_words(row, columns) and _fits([row[one] for one in columns], tokenizer, window)]
    lost = len(rows) - len(kept)
    if lost > MOST_LOST * len(rows):
        raise TooManyDropped(
            part, lost, len(rows), f"they have no words, or less than half of them fits into {window} tokens"
        )
    return kept


def _has_words(row: Row, columns: Sequence[str]) -> bool:
    return all(row[one] and any(character.isalnum() for character in row[one]) for one in columns)


def _fits(texts: Sequence[str], tokenizer: Any, window: int) -> bool:
    if sum(map(len, texts)) <= 2 * window:  # a token has a character or more
        return True
    found = tokenizer(list(texts), add_special_tokens=False, truncation=False, verbose=False)["input_ids"]
    return sum(map(len, found)) <= 2 * window
