"""The scheduler: one leader among several processes keeps the cadence, trains, and looks after what serves.

The leader's loop turns once a second. It never waits for anything: training is a process of its own, and all upkeep is
done in one thread beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from core.attached import ATTACHED
from core.clock import Clock
from core.errors import StoreUnavailable
from core.settings import Settings
from core.store.leadership import SCHEDULER, Leadership
from core.store.store import Store
from training.schedule.bells import CADENCE, Bells
from training.schedule.child import LONGEST_S
from training.schedule.runner import Runner
from training.schedule.upkeep import Rounds, Upkeep

log = logging.getLogger("aitl.schedule")

TURN_S = 1.0
UPKEEP_STOPS_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Training:
    """How training is started: what stands for `aitl`, in which environment, and how long one run may take."""

    environ: Mapping[str, str]
    program: Sequence[str] = ATTACHED
    longest_s: float = LONGEST_S


class Until(Protocol):
    """Of `core.ending.Ending` what a loop needs."""

    @property
    def is_over(self) -> bool: ...

    def pause(self, seconds: float) -> None: ...


class Schedule:
    """One process's scheduler. `every_s`: how often each round of `rounds` is due."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        training: Training,
        rounds: Rounds,
        every_s: Mapping[str, float],
    ) -> None:
        self._settings, self._store, self._clock = settings, store, clock
        self._leadership = Leadership(store.engine, store.leases, SCHEDULER)
        self._runner = Runner(store, training.environ, training.program, training.longest_s)
        self._upkeep = Upkeep(rounds)
        self._bells: Bells | None = None
        self._every_s = every_s

    def serve(self, ending: Until) -> None:
        """Lead whenever nobody else does, until the end."""
        self._upkeep.start()
        try:
            while not ending.is_over:
                self._turn()
                ending.pause(TURN_S)
        finally:
            self._retire()
            self._upkeep.stop(UPKEEP_STOPS_WITHIN_S)

    def _turn(self) -> None:
        """One look at everything. A database that does not answer leads to another turn."""
        try:
            if not self._leadership.hold():
                self._step_down()
                return
            if self._bells is None:
                self._take_over()
            self._runner.turn()
        except (SQLAlchemyError, StoreUnavailable) as error:
            log.warning("the scheduler cannot reach its database: %s", error)
            if not self._leadership.is_certain:
                self._step_down()

    def _take_over(self) -> None:
        """Whoever led before is gone, and its training with it."""
        self._runner.adopt()
        bells = Bells(
            self._store.engine,
            self._settings.retrain_cron,
            self._settings.timezone,
            self._every_s,
            self._rings,
        )
        try:
            bells.start()
        except SQLAlchemyError:
            bells.stop()
            raise
        self._bells = bells
        self._upkeep.ring_all()
        log.info("this scheduler leads; the next retraining by its cadence is due at %s", bells.next_retraining())

    def _rings(self, name: str, due: datetime) -> None:
        """A retraining is asked for under the moment it was due: the same one twice is one."""
        if name == CADENCE:
            self._store.retrainings.ask(f"cadence:{due.astimezone(UTC):%Y-%m-%dT%H:%MZ}", "cadence")
        else:
            self._upkeep.ring(name)

    def _step_down(self) -> None:
        """Somebody else leads from now on, as far as anybody knows."""
        if self._bells is not None:
            log.warning("this scheduler does not lead any more")
            self._bells.stop()
            self._bells = None
        self._runner.drop()

    def _retire(self) -> None:
        """Leave everything so that the next scheduler goes on with it at once."""
        if self._bells is not None:
            self._bells.stop()
        try:
            self._runner.put_back()
            self._leadership.give_up()
        except (SQLAlchemyError, StoreUnavailable) as error:
            log.warning("the scheduler's leadership runs out by itself: %s", error)
