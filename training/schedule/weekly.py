"""What to fix first, once a week: `aitl causes` in a process of its own, as training is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from core.clock import Clock
from core.store.store import Store
from training.causes.round import has_new
from training.schedule.child import TrainingProcess

log = logging.getLogger("aitl.schedule")

WEEK = timedelta(days=7)
# A week, and what the run before may have left.
LOOKED_BACK = 2 * WEEK
ARGUMENTS = ("causes", "--json", "--days", str(LOOKED_BACK.days))

Start = Callable[[tuple[str, ...]], TrainingProcess]


class WeeklyCauses:
    """A round of the scheduler: starts a run where one is due, and sees how it ended the next time.

    Due is one a week after the last cause was found, and at first a week after something was said; where something new
    can be found, and no retraining is under way.
    """

    def __init__(self, store: Store, clock: Clock, start: Start) -> None:
        self._store, self._clock, self._start = store, clock, start
        self._process: TrainingProcess | None = None

    def __call__(self) -> None:
        """Never waits: a run goes on beside the scheduler and ends with it."""
        if self._process is not None:
            ended = self._process.ended()
            if ended is None:
                return
            self._process = None
            if ended.failure:
                log.warning("the causes of bad outcomes could not be found: %s", ended.failure)
                return  # tried again by the next round
        if self._is_due():
            self._process = self._start(ARGUMENTS)

    def _is_due(self) -> bool:
        now, causes = self._clock(), self._store.causes
        if self._store.retrainings.under_way() is not None:
            return False
        last = causes.last_computed()
        if last is None:
            waits = causes.said_about(now - LOOKED_BACK).keys() - causes.said_about(now - WEEK).keys()
            return bool(waits) and has_new(self._store, now - LOOKED_BACK)
        return now - last >= WEEK and has_new(self._store, now - LOOKED_BACK)
