"""Several schedulers on one database: one leads, each retraining runs once, and another goes on when it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import text

from bot.sandbox import wait_for
from core.clock import utc_now
from core.settings import Settings
from core.store import Store, make_engine
from core.store.leadership import SCHEDULER
from tests.training.told import Told
from training.schedule.bells import CADENCE, SharedJobStore
from training.schedule.runner import INTERRUPTED, in_words
from training.schedule.scheduler import Schedule, Training

ROOT = Path(__file__).parents[3]
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROGRAM = (sys.executable, "-m", "tests.training.fake_aitl")


class Running:
    """One scheduler in a thread of its own, with an engine of its own."""

    def __init__(self, database_url: str, home: Path, rounds: dict[str, Callable[[], object]] | None = None) -> None:
        self.store = Store(make_engine(database_url), utc_now)
        settings = Settings(home=home, database_url=database_url, retrain_cron="0 3 * * sun")
        environ = {"PATH": os.environ["PATH"], "HOME": str(home), "AITL_HOME": str(home), "PYTHONPATH": str(ROOT)}
        training = Training(environ | {"FAKE_TRAINING": "done"}, PROGRAM)
        self.told = Told()
        schedule = Schedule(settings, self.store, utc_now, training, rounds or {}, dict.fromkeys(rounds or {}, 600.0))
        self.thread = Thread(target=schedule.serve, args=(self.told,))
        self.thread.start()

    def end(self) -> None:
        self.told.ask()
        self.thread.join(60)
        assert not self.thread.is_alive()
        self.store.engine.dispose()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = make_engine(database_url)
    yield Store(engine, utc_now)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS aps_jobs"))
    engine.dispose()


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def begin(rounds: dict[str, Callable[[], object]] | None = None) -> Running:
        running.append(Running(database_url, tmp_path, rounds))
        return running[-1]

    yield begin
    for one in running:
        if one.thread.is_alive():
            one.end()


def leader(store: Store) -> str:
    lease = store.leases.get(SCHEDULER)
    return lease.holder if lease is not None else ""


def wait_until_done(store: Store, key: str) -> None:
    def look() -> bool:
        found = store.retrainings.get(key)
        return found is not None and found.state == "done"

    wait_for(look, 60, f"{key} to be done")


@pytest.mark.slow
def test_one_of_two_leads_and_the_other_goes_on_when_it_ends(store: Store, start: Callable[..., Running]) -> None:
    calls: list[str] = []
    rounds: dict[str, Callable[[], object]] = {"look": lambda: calls.append("looked"), "break": lambda: 1 / 0}
    first = start(rounds)
    wait_for(lambda: leader(store), 20, "a leader")
    leads = leader(store)
    start(rounds)
    store.retrainings.ask("one", "cadence")
    wait_until_done(store, "one")

    assert leader(store) == leads
    assert calls == ["looked"]  # by the leader alone, beside one that fails
    first.end()
    store.retrainings.ask("two", "asked", "U_LEA", "C1", "T1")
    wait_until_done(store, "two")

    assert leader(store) not in ("", leads)
    assert [store.retrainings.get(key).attempts for key in ("one", "two")] == [1, 1]
    assert len(calls) == 2


@pytest.mark.slow
@SQLITE
def test_what_fell_due_while_no_scheduler_ran_is_done_once(store: Store, start: Callable[..., Running]) -> None:
    before = start()
    wait_for(lambda: leader(store), 20, "a leader")
    before.end()
    sunday = datetime(2026, 5, 3, 3, tzinfo=UTC)
    _fell_due(store, sunday)

    start()

    wait_for(lambda: store.retrainings.last_ended(), 60, "the retraining")
    ended = store.retrainings.last_ended()
    assert (ended.cause, ended.state, ended.key[:8]) == ("cadence", "done", "cadence:")
    assert store.retrainings.under_way() is None


def _fell_due(store: Store, moment: datetime) -> None:
    scheduler = BackgroundScheduler(jobstores={"default": SharedJobStore(engine=store.engine, tablename="aps_jobs")})
    scheduler.start(paused=True)
    scheduler.modify_job(CADENCE, next_run_time=moment)
    scheduler.shutdown()


@pytest.mark.slow
@SQLITE
def test_what_a_dead_leader_had_running_goes_on_but_not_for_ever(store: Store, start: Callable[..., Running]) -> None:
    for key, attempts in (("again", 1), ("for ever", 3)):
        store.retrainings.ask(key, "cadence")
        for attempt in range(attempts):
            store.retrainings.start(key)
            if attempt < attempts - 1:
                store.retrainings.put_back(key)
        if key == "again":
            one = start()
            wait_until_done(store, key)
            one.end()
    start()
    wait_for(lambda: store.retrainings.get("for ever").state == "failed", 30, "it to be given up")

    assert store.retrainings.get("again").attempts == 2
    assert store.retrainings.get("for ever").outcome == {"reason": INTERRUPTED}


@SQLITE
@pytest.mark.parametrize(
    ("phase", "progress", "words"),
    [
        ("data", {}, "reading what was said"),
        ("train", {"doing": "retriever", "done": 0, "total": 0}, "training the retriever"),
        ("train", {"doing": "ranker", "done": 47, "total": 80}, "training the ranker, 50 %"),
        (
            "evaluate",
            {"doing": "evaluation", "done": 3, "total": 3},
            "comparing with the champion on later cases, 100 %",
        ),
        ("over", {}, ""),
    ],
)
def test_what_a_cycle_does_is_said_in_words(store: Store, phase: str, progress: dict[str, object], words: str) -> None:
    store.cycles.begin("k1", ("ranker",), 0, "here", 1)
    store.cycles.report("k1", phase, progress)

    assert in_words(store.cycles.get("k1")) == words


@SQLITE
def test_one_that_has_not_begun_does_nothing_yet(store: Store) -> None:
    assert in_words(store.cycles.get("k1")) == ""
