"""How alike two drafts are, so that an agent is never asked to choose between twins."""

from __future__ import annotations

import re

from core.citations import without_marks
from core.sentences import split_sentences
from core.words import overlap

_MARK = re.compile(r"\[\d{1,2}\]")

NEAR_IDENTICAL = 0.75


def near_identical(one: str, other: str) -> bool:
    """True where what two texts say shares three quarters of its content words.

    What they say is their cited sentences, or all where nothing is cited: another greeting makes no other draft.
    """
    return overlap(_said(one), _said(other)) >= NEAR_IDENTICAL


def _said(text: str) -> str:
    sentences = split_sentences(text)
    return without_marks(" ".join([one for one in sentences if _MARK.search(one)] or sentences))
