"""The scheduler beside the bot: started again when it dies, ended with the bot, and never left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sandbox import Sandbox, wait_for
from bot.scheduler import SchedulerProcess
from core.clock import utc_now
from core.errors import StoreUnavailable
from core.store import Store, make_engine
from core.store.leadership import SCHEDULER
from tests.programs import runs

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
PROGRAM = [sys.executable, "-c", "from core.cli import main; main()"]


@pytest.fixture
def scheduler(environ: dict[str, str]) -> Iterator[SchedulerProcess]:
    process = SchedulerProcess(environ, [sys.executable, "-c", STUBBORN])
    yield process
    process.halt()
    process.join(time.monotonic())


def test_one_that_dies_is_started_again(scheduler: SchedulerProcess) -> None:
    scheduler.start()
    first = wait_for(lambda: scheduler.pid, 20, "the first start")

    os.kill(first, signal.SIGKILL)

    second = wait_for(lambda: scheduler.pid if scheduler.pid != first else None, 20, "the second start")
    assert runs(second)


def test_one_that_does_not_end_when_told_is_killed(scheduler: SchedulerProcess) -> None:
    scheduler.start()
    pid = wait_for(lambda: scheduler.pid, 20, "the start")

    scheduler.halt()
    scheduler.join(time.monotonic() + 0.5)

    assert scheduler.pid is None
    assert not runs(pid)


@pytest.fixture
def store(environ: dict[str, str]) -> Iterator[Store]:
    engine = make_engine(f"sqlite:///{environ['AITL_HOME']}/aitl.db")
    yield Store(engine, utc_now)
    engine.dispose()


def leads(store: Store) -> bool:
    """Whether somebody does; not before there are tables."""
    try:
        return store.leases.is_held(SCHEDULER)
    except StoreUnavailable:
        return False


def leader(store: Store) -> tuple[str, int]:
    """Who leads now, and as which process."""
    lease = store.leases.get(SCHEDULER)
    assert lease is not None
    return lease.holder, int(lease.holder.split(":")[1])


@pytest.mark.slow
def test_aitl_run_brings_a_scheduler_along_that_trains_when_asked_and_takes_it_away(
    slack: Sandbox, environ: dict[str, str], store: Store, tmp_path: Path
) -> None:
    leads = {"AITL_LEADS": slack.user("lea").id, "AITL_LEADS_CHANNEL": slack.channel("support-leads").id}
    process = subprocess.Popen(
        [*PROGRAM, "run"], env=environ | leads, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    lea = slack.person("lea")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        wait_for(lambda: store.leases.is_held(SCHEDULER), 60, "a scheduler to lead")
        first, pid = leader(store)

        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: leader(store)[0] not in ("", first), 60, "another one to lead")
        _, pid = leader(store)

        assert lea.command("retrain")["acked"]
        told_leads = lambda: str(lea.messages("support-leads"))  # noqa: E731
        wait_for(lambda: "Skipped: 0 new annotations may teach, 50 more are needed" in told_leads(), 90, "the verdict")

        told = datetime.now(UTC)
        process.terminate()
        output, errors = process.communicate(timeout=60)
        assert (datetime.now(UTC) - told).total_seconds() < 10
    finally:
        process.kill()
        process.communicate()
        lea.close()

    assert process.returncode == 0, errors
    assert output == ""
    assert ["the scheduler ended (exit code -9)" in line for line in errors.splitlines()] == [True]
    assert not runs(pid)
    lease = store.leases.get(SCHEDULER)
    assert lease is not None
    assert lease.holder == ""


@pytest.mark.slow
def test_whoever_is_killed_leaves_no_scheduler_behind(environ: dict[str, str], store: Store, tmp_path: Path) -> None:
    program = (
        "import os, time\n"
        "from bot.scheduler import SchedulerProcess\n"
        "SchedulerProcess(os.environ).start()\n"
        "time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", program], env=environ, cwd=tmp_path)
    try:
        wait_for(lambda: (tmp_path / "home" / "aitl.db").exists(), 60, "the database")
        wait_for(lambda: leads(store), 60, "a scheduler to lead")
        _, pid = leader(store)
    finally:
        process.kill()
        process.communicate()

    wait_for(lambda: not runs(pid), 30, "the scheduler to end")
