"""When something is due: APScheduler rings, and does nothing else.

The cadence of retraining is kept in the product's database, so that what fell due while nobody ran rings once at the
next start. Everything else is due every so many seconds and needs no memory. A bell only says its name; the work is
done by whoever listens, so no job can overlap itself, and none needs to be pickled with what it works on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_EXECUTED, JobExecutionEvent
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from core.cron import WEEKDAYS, Cron, parse_cron
from core.store.tables.base import FOREIGN_TABLES

log = logging.getLogger("aitl.schedule")

CADENCE = "retrain"
KEPT, FLEETING = "default", "fleeting"
RING_AGAIN_S = 1.0
# However late: a machine that was off at the weekend catches up on Monday, once.
_DEFAULTS = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}

# Who listens: the bell's name, and when it was due. Called from a thread of APScheduler's; should only take note.
Ringing = Callable[[str, datetime], None]


def ring(name: str) -> str:
    """What every job runs: it says its name to whoever listens."""
    return name


class Bells:
    """The cadence counts as rung only once `on_ring` has returned: what it raises, or a death, makes it ring again for
    the same moment. What is due every so often is rung by the way.

    `every_s`: the names and seconds of what is due again and again. Not to be used in two processes on one database at
    once: each would ring. Start it as the leader, and stop it when that is over.
    """

    def __init__(self, engine: Engine, cron: str, zone: str, every_s: Mapping[str, float], on_ring: Ringing) -> None:
        self._trigger, self._every_s, self._on_ring = cron_trigger(parse_cron(cron), zone), every_s, on_ring
        # The store would close the whole engine with itself; this one shares only its pool.
        self._store = SharedJobStore(engine=engine, tablename=FOREIGN_TABLES[0], before=self._note)
        self._scheduler = BackgroundScheduler(
            jobstores={KEPT: self._store, FLEETING: {"type": "memory"}}, job_defaults=_DEFAULTS, timezone="UTC"
        )
        # It tells of every job at a level where we tell of what goes wrong.
        logging.getLogger("apscheduler").setLevel(logging.WARNING)

    def start(self) -> None:
        """Ring from now on, first what fell due meanwhile. Raises SQLAlchemyError."""
        self._scheduler.add_listener(self._listen, EVENT_JOB_EXECUTED)
        self._scheduler.start(paused=True)
        self._keep_cadence()
        for name, seconds in self._every_s.items():
            self._scheduler.add_job(ring, "interval", [name], id=name, seconds=seconds, jobstore=FLEETING)
        self._scheduler.resume()

    def stop(self) -> None:
        """No further bell."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def next_retraining(self) -> datetime | None:
        """When the cadence is due next; None where its moment never comes (30 February)."""
        job = self._scheduler.get_job(CADENCE, KEPT)
        due: datetime | None = None if job is None else job.next_run_time
        return due

    def _keep_cadence(self) -> None:
        """Adding a job anew would forget that it was due: only a cadence that was changed begins anew."""
        kept = self._scheduler.get_job(CADENCE, KEPT)
        if kept is None or repr(kept.trigger) != repr(self._trigger):
            self._scheduler.add_job(ring, self._trigger, [CADENCE], id=CADENCE, jobstore=KEPT, replace_existing=True)

    def _note(self, job: Job) -> None:
        self._on_ring(job.id, job.next_run_time)

    def _listen(self, event: JobExecutionEvent) -> None:
        if event.jobstore == FLEETING:
            self._on_ring(event.retval, event.scheduled_run_time)


class SharedJobStore(SQLAlchemyJobStore):  # type: ignore[misc]
    """On an engine that others use too. A scheduler that is stopped takes nothing more from it."""

    _is_over = False

    def __init__(self, *given: Any, before: Callable[[Job], None] = lambda job: None, **options: Any) -> None:
        """`before` hears of each job that is due before it is run, and so before the next time is due."""
        super().__init__(*given, **options)
        self._before = before

    def shutdown(self) -> None:
        """The engine stays open."""
        self._is_over = True

    def get_due_jobs(self, now: datetime) -> list[Job]:
        """None after the end: a scheduler looks once more when it is stopped, and what it finds then is lost."""
        due: list[Job] = [] if self._is_over else super().get_due_jobs(now)
        for job in due:
            self._before(job)
        return due

    def update_job(self, job: Job) -> None:
        """Where the database does not let it through, the job stays due and rings again, under the same moment.

        Without this the scheduler's thread would end, and nothing would ever ring again.
        """
        try:
            super().update_job(job)
        except SQLAlchemyError as error:
            log.warning("what has rung could not be noted, and rings again: %s", error)
            time.sleep(RING_AGAIN_S)


def cron_trigger(cron: Cron, zone: str) -> BaseTrigger:
    """The trigger of these moments in that zone. APScheduler counts weekdays from Monday, so they go by name."""
    fields = {
        "minute": _listed(cron.minutes),
        "hour": _listed(cron.hours),
        "month": _listed(cron.months),
        "timezone": ZoneInfo(zone),
    }
    days = {"day": _listed(cron.days)}
    weekdays = {"day_of_week": ",".join(WEEKDAYS[number] for number in cron.weekdays)}
    if cron.either_day:
        return OrTrigger([CronTrigger(**fields, **days), CronTrigger(**fields, **weekdays)])
    return CronTrigger(**fields, **days, **weekdays)


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
