"""How alike two drafts are, so that an agent is never asked to choose between twins."""

from __future__ import annotations

from core.citations import without_marks
from core.words import overlap

NEAR_IDENTICAL = 0.75


def near_identical(one: str, other: str) -> bool:
    """True where the two texts share three quarters of their content words."""
    return overlap(without_marks(one), without_marks(other)) >= NEAR_IDENTICAL
