"""Twice an hour what is not needed any more is forgotten: payloads within a day, old cases' words where that is set."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread

from sqlalchemy.exc import SQLAlchemyError

from bot.errors import report
from bot.inbox import ASKED, DRAFTS
from core.clock import Clock
from core.errors import StoreUnavailable
from core.retention import forget_old_words
from core.store import Store

EVERY_S = 1800.0
# With the time between two rounds, and one round that fails, this stays under 24 hours.
KEPT = timedelta(hours=22, minutes=45)
# That something was received or sent keeps a second one out: Slack delivers again within minutes, and what was missed
# is looked for in the last seven days. Later ones are known by what they led to: a case by its thread, an annotation
# by its click, a suggestion by case and revision, a reply by its adoption, and both by where they were posted.
REMEMBERED = timedelta(days=14)


class Housekeeping:
    """One thread, mostly asleep."""

    name = "housekeeping"

    def __init__(self, store: Store, clock: Clock, retention_days: int | None = None) -> None:
        self._store, self._clock, self._retention_days = store, clock, retention_days
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="aitl-housekeeping", daemon=True)

    def start(self) -> None:
        """Forget what grew too old while nobody ran, before anybody works it off; the rest in a thread of its own."""
        self._try(self._purge)
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
        self._purge()
        self._forget_work()
        if self._retention_days is not None:
            forget_old_words(self._store.forgetting, self._clock(), self._retention_days, self._stopping.is_set)
        self._store.wipe()

    def _purge(self) -> None:
        before = self._clock() - KEPT
        self._store.inbox.purge(before, except_lanes=(DRAFTS, ASKED))
        with self._store.transaction():
            self._store.outbox.purge(before, and_purposes=("reply",))
            for reply in self._store.replies.purge(before):
                self._store.cases.reopen(reply.case_id, reply.adoption_key)
        self._store.held_replies.purge(before)

    def _forget_work(self) -> None:
        """In portions, so that whoever has to store something waits for none of it long."""
        old = self._clock() - REMEMBERED
        for box in (self._store.inbox, self._store.outbox):
            while box.forget(old) and not self._stopping.is_set():
                pass

    def _run(self) -> None:
        self._try(self.tidy)
        while not self._stopping.wait(EVERY_S):
            self._try(self.tidy)

    def _try(self, part: Callable[[], None]) -> None:
        try:
            part()
        except (SQLAlchemyError, StoreUnavailable) as error:
            report(error, "housekeeping", "forgetting what is no longer needed")
