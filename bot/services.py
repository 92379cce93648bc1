"""What the bot is handed by the product: settings, the store, the meaning of clicks, the clock, the suggester."""

from __future__ import annotations

from typing import Protocol

from core.clock import Clock
from core.feedback import Feedback
from core.gap_queue import GapQueue
from core.judge.notes import NoteReader
from core.settings import Settings
from core.store import Store
from core.values import Case, Suggestion


class Suggester(Protocol):
    """Drafts for a case."""

    def warm(self) -> None:
        """Load the models, so that the first case does not wait for them. Called once, from a thread of its own."""
        ...

    def refresh(self) -> str | None:
        """Look whether other models serve by now, and begin to load them; asked again and again, waits for nothing.

        What could not be loaded, in a sentence, once for each failure.
        """
        ...

    def suggest(self, case: Case, revision: int) -> Suggestion:
        """Two candidates for the conversation as it stands. Raises EmptyKnowledge where there is no article yet."""
        ...


class Services(Protocol):
    """`core.bootstrap` makes one."""

    @property
    def settings(self) -> Settings: ...

    @property
    def store(self) -> Store: ...

    @property
    def feedback(self) -> Feedback: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def suggester(self) -> Suggester: ...

    @property
    def gaps(self) -> GapQueue:
        """What is missing from the knowledge base, from report to article."""
        ...

    @property
    def notes(self) -> NoteReader | None:
        """Has a language model read agents' notes; None without one."""
        ...
