"""Bells: cron's moments as cron means them, and what fell due while nobody ran rings once."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text

from core.cron import parse_cron
from core.store import make_engine
from core.store.tables import Table
from core.store.tables.base import is_ours
from training.schedule.bells import CADENCE, Bells, SharedJobStore, cron_trigger

SUNDAY_NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def moments(cron: str, zone: str = "UTC", count: int = 3, after: datetime = SUNDAY_NOON) -> list[str]:
    trigger, found, last = cron_trigger(parse_cron(cron), zone), [], None
    for _ in range(count):
        last = trigger.get_next_fire_time(last, after if last is None else last)
        found.append(f"{last:%a %d %b %H:%M %z}")
    return found


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 3 * * sun", ["Sun 29 Nov 03:00 +0000", "Sun 06 Dec 03:00 +0000"]),
        ("0 3 * * 0", ["Sun 29 Nov 03:00 +0000", "Sun 06 Dec 03:00 +0000"]),
        ("0 3 * * 7", ["Sun 29 Nov 03:00 +0000", "Sun 06 Dec 03:00 +0000"]),
        ("0 3 * * 1", ["Mon 23 Nov 03:00 +0000", "Mon 30 Nov 03:00 +0000"]),
        ("0 3 * * 6-7", ["Sat 28 Nov 03:00 +0000", "Sun 29 Nov 03:00 +0000"]),
        ("*/30 13 * * *", ["Sun 22 Nov 13:00 +0000", "Sun 22 Nov 13:30 +0000"]),
        ("0 0 1 jan *", ["Fri 01 Jan 00:00 +0000", "Sat 01 Jan 00:00 +0000"]),
        ("30 2 1 * fri", ["Fri 27 Nov 02:30 +0000", "Tue 01 Dec 02:30 +0000"]),  # either day
    ],
)
def test_a_cadence_means_what_cron_means(cron: str, expected: list[str]) -> None:
    assert moments(cron, count=2) == expected


def test_a_cadence_is_kept_in_its_zone_when_clocks_change() -> None:
    before_the_change = datetime(2027, 3, 26, 12, tzinfo=UTC)

    assert moments("0 3 * * *", "Europe/Berlin", after=before_the_change) == [
        "Sat 27 Mar 03:00 +0100", "Sun 28 Mar 03:00 +0200", "Mon 29 Mar 03:00 +0200"
    ]  # fmt: skip


@pytest.fixture
def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS aps_jobs"))
    engine.dispose()


class Ringing:
    """Bells that are listened to."""

    def __init__(self, engine, cron: str, every_s: dict[str, float] | None = None) -> None:
        self.heard: SimpleQueue[tuple[str, datetime]] = SimpleQueue()
        self.bells = Bells(engine, cron, "UTC", every_s or {}, lambda name, due: self.heard.put((name, due)))

    def __enter__(self) -> Ringing:
        self.bells.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bells.stop()

    def next(self, timeout_s: float) -> tuple[str, datetime] | None:
        try:
            return self.heard.get(timeout=timeout_s)
        except Empty:
            return None


def fell_due(engine, moment: datetime) -> None:
    """As if nobody had run since then."""
    scheduler = BackgroundScheduler(jobstores={"default": SharedJobStore(engine=engine, tablename="aps_jobs")})
    scheduler.start(paused=True)
    scheduler.modify_job(CADENCE, next_run_time=moment)
    scheduler.shutdown()


def test_what_fell_due_while_nobody_ran_rings_once_at_the_next_start(engine) -> None:
    with Ringing(engine, "0 3 * * *"):
        pass
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    fell_due(engine, long_ago)

    with Ringing(engine, "0 3 * * *") as again:
        assert again.next(20)[0] == CADENCE
        assert again.next(1.0) is None
        assert again.bells.next_retraining() > datetime.now(UTC)

    fell_due(engine, long_ago)
    with Ringing(engine, "* * * * *") as changed:  # another cadence begins anew
        assert changed.bells.next_retraining() - datetime.now(UTC) <= timedelta(minutes=1)


def test_what_is_due_every_so_often_rings_again_and_again(engine) -> None:
    with Ringing(engine, "0 3 * * *", {"tick": 0.3}) as ringing:
        assert [ringing.next(20)[0] for _ in range(3)] == ["tick", "tick", "tick"]


def test_the_scheduler_s_table_is_none_of_ours(engine) -> None:
    with Ringing(engine, "0 3 * * *"):
        pass

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_ours})
        assert compare_metadata(context, Table.metadata) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_could_not_be_noted_rings_again_under_its_moment_until_it_can(engine) -> None:
    with Ringing(engine, "0 3 * * *"):
        pass
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    fell_due(engine, long_ago)
    refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON aps_jobs BEGIN SELECT RAISE(FAIL, 'not now'); END"
    with engine.begin() as connection:
        connection.execute(text(refuse))

    with Ringing(engine, "0 3 * * *") as again:
        first, second = again.next(20), again.next(20)
        assert first == second
        assert first[0] == CADENCE
        with engine.begin() as connection:
            connection.execute(text("DROP TRIGGER refuse"))
        while again.next(2.0) is not None:
            pass
        assert again.bells.next_retraining() > datetime.now(UTC)


def test_a_bell_that_nobody_could_hear_rings_again(engine) -> None:
    with Ringing(engine, "0 3 * * *"):
        pass
    long_ago = datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    fell_due(engine, long_ago)

    def deaf(name: str, due: datetime) -> None:
        raise RuntimeError("the database did not answer")

    for _ in range(2):
        died = Bells(engine, "0 3 * * *", "UTC", {}, deaf)
        died.start()
        time.sleep(0.5)
        died.stop()

    with Ringing(engine, "0 3 * * *") as again:
        assert again.next(20) == (CADENCE, long_ago)
        assert again.next(1.0) is None
