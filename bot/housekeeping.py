"""Twice an hour what is not needed any more is forgotten, and the days that are over are counted for the figures.

Payloads are forgotten within a day, old cases' words where that is set.
"""

from __future__ import annotations

from datetime import timedelta

from bot.inbox import ASKED, DRAFTS
from bot.rounds import Rounds
from core.clock import Clock
from core.retention import forget_old_words
from core.store import Store

EVERY_S = 1800.0
# With the time between two rounds, and one round that fails, this stays under 24 hours.
KEPT = timedelta(hours=22, minutes=45)
# That something was received or sent keeps a second one out: Slack delivers again within minutes, and what was missed
# is looked for in the last seven days. Later ones are known by what they led to: a case by its thread, an annotation
# by its click, a suggestion by case and revision, a reply by its adoption, and both by where they were posted.
REMEMBERED = timedelta(days=14)
_DAYS_AT_A_TIME = 5


class Housekeeping(Rounds):
    """One thread, mostly asleep."""

    def __init__(self, store: Store, clock: Clock, retention_days: int | None = None) -> None:
        super().__init__("housekeeping", self.tidy, EVERY_S, "forgetting what is no longer needed")
        self._store, self._clock, self._retention_days = store, clock, retention_days

    def start(self) -> None:
        """Forget what grew too old while nobody ran, before anybody works it off; the rest in a thread of its own."""
        self._try(self._purge)
        super().start()

    def tidy(self) -> None:
        """One round."""
        self._purge()
        self._forget_work()
        if self._retention_days is not None:
            forget_old_words(self._store.forgetting, self._clock(), self._retention_days, self._stopping.is_set)
        self._keep_days()
        self._store.wipe()

    def _purge(self) -> None:
        before = self._clock() - KEPT
        self._store.inbox.purge(before, except_lanes=(DRAFTS, ASKED))
        with self._store.transaction():
            self._store.outbox.purge(before, and_purposes=("reply",))
            for reply in self._store.replies.purge(before):
                self._store.cases.reopen(reply.case_id, reply.adoption_key)
        self._store.held_replies.purge(before)

    def _keep_days(self) -> None:
        """So that nobody who asks for the figures waits until days are counted."""
        while self._store.metrics.keep_days(_DAYS_AT_A_TIME) and not self._stopping.is_set():
            pass

    def _forget_work(self) -> None:
        """In portions, so that whoever has to store something waits for none of it long."""
        old = self._clock() - REMEMBERED
        for box in (self._store.inbox, self._store.outbox):
            while box.forget(old) and not self._stopping.is_set():
                pass
        self._store.told.forget(old)
