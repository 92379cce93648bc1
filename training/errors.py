"""What can go wrong while something is trained, as one sentence each."""

from __future__ import annotations

from core.errors import AitlError


class TrainingFailed(AitlError, RuntimeError):
    """A part could not be trained from these rows; the others and what serves are untouched."""


class TooFewRows(TrainingFailed):
    """There is not enough to learn from yet."""


class TooManyDropped(TrainingFailed):
    """More rows were lost than a trainer may lose in silence."""

    def __init__(self, part: str, dropped: int, rows: int, why: str) -> None:
        super().__init__(f"The {part} would lose {dropped} of {rows} rows because {why}; nothing was trained.")
