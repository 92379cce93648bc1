"""An ending that a test brings about; the program's own also ends the process."""

from __future__ import annotations

from threading import Event


class Told:
    """What the scheduler's loop asks."""

    def __init__(self) -> None:
        self._over = Event()

    def ask(self) -> None:
        """It is to end."""
        self._over.set()

    def pause(self, seconds: float) -> None:
        """Sleep, but not past the end."""
        self._over.wait(seconds)

    @property
    def is_over(self) -> bool:
        """True once it is to end."""
        return self._over.is_set()
