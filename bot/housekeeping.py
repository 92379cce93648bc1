"""Twice an hour what is no longer needed is forgotten: raw payloads within a day, replies that nobody sent anyway."""

from __future__ import annotations

import time
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import report
from bot.inbox import ASKED, DRAFTS
from core.clock import Clock
from core.errors import StoreUnavailable
from core.store import Store

EVERY_S = 1800.0
# With the time between two rounds, and one round that fails, this stays under 24 hours.
KEPT = timedelta(hours=22, minutes=45)


class Housekeeping:
    """One thread, mostly asleep."""

    name = "housekeeping"

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="aitl-housekeeping", daemon=True)

    def start(self) -> None:
        """Begin with a first round: what grew old while nobody ran is not worked off any more."""
        self._round()
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """True while its thread runs."""
        return self._thread.is_alive()

    def halt(self) -> None:
        """No further round."""
        self._stopping.set()

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for the round at hand."""
        self._thread.join(max(0.0, deadline_s - time.monotonic()))

    def tidy(self) -> None:
        """One round."""
        before = self._clock() - KEPT
        self._store.inbox.purge(before, except_lanes=(DRAFTS, ASKED))
        with self._store.transaction():
            self._store.outbox.purge(before, and_purposes=("reply",))
            self._store.replies.purge(before)
        self._store.held_replies.purge(before)
        self._store.wipe()

    def _run(self) -> None:
        while not self._stopping.wait(EVERY_S):
            self._round()

    def _round(self) -> None:
        try:
            self.tidy()
        except (SQLAlchemyError, StoreUnavailable) as error:
            report(error, "housekeeping", "forgetting what is no longer needed")
