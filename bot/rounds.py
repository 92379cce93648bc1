"""Work that is done again and again beside everything else, in a thread of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import report
from core.errors import StoreUnavailable


class Rounds:
    """One thread, mostly asleep. A round that the database does not let through is reported; the next one comes.

    `doing` says in words what a round does.
    """

    def __init__(self, name: str, work: Callable[[], object], every_s: float, doing: str) -> None:
        self.name, self._work, self._every_s, self._doing = name, work, every_s, doing
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"aitl-{name}", daemon=True)

    @property
    def is_alive(self) -> bool:
        """True while its thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin with a first round."""
        self._thread.start()

    def halt(self) -> None:
        """No further round."""
        self._stopping.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the round at hand."""
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def _run(self) -> None:
        self._try(self._work)
        while not self._stopping.wait(self._every_s):
            self._try(self._work)

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except (SQLAlchemyError, StoreUnavailable) as error:
            report(error, self.name, self._doing)
