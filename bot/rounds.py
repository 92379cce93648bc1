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

    `doing` says in words what a round does. `first_at_once`: the first round is over when `start()` returns.
    """

    def __init__(
        self, name: str, work: Callable[[], object], every_s: float, doing: str, first_at_once: bool = False
    ) -> None:
        self.name, self._work, self._every_s, self._doing = name, work, every_s, doing
        self._first_at_once = first_at_once
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=f"aitl-{name}", daemon=True)

    @property
    def is_alive(self) -> bool:
        """True while its thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin with a first round."""
        if self._first_at_once:
            self._round()
        self._thread.start()

    def halt(self) -> None:
        """No further round."""
        self._stopping.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the round at hand."""
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def hand_back(self) -> None:
        """A round claims nothing."""

    def _run(self) -> None:
        wait_s = self._every_s if self._first_at_once else 0.0
        while not self._stopping.wait(wait_s):
            self._round()
            wait_s = self._every_s

    def _round(self) -> None:
        try:
            self._work()
        except (SQLAlchemyError, StoreUnavailable) as error:
            report(error, self.name, self._doing)
