"""Told to stop, the bot is gone within ten seconds and says nothing of it, whatever it was doing or hanging in."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Sandbox, wait_for

ROOT = Path(__file__).parents[2]
TEN_SECONDS = 10.0


class Running:
    """One bot as a process."""

    def __init__(self, slack: Sandbox, home: Path, draft_s: float) -> None:
        home.mkdir(exist_ok=True)
        self.database = home / "aitl.db"
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "AITL_HOME": str(home),
            "AITL_DATABASE_URL": f"sqlite:///{self.database}",
            "AITL_SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "AITL_CASE_CHANNELS": slack.channel("support-cases").id,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.harness.stoppable_bot", str(draft_s)],
            env=environ,
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def is_ready(self) -> bool:
        assert self.process.stdout is not None
        return self.process.stdout.readline() == "ready\n"

    def stop(self, *signals: signal.Signals) -> tuple[int, str]:
        """The exit code, and what was said on stderr. Fails after ten seconds."""
        started = time.monotonic()
        for one in signals:
            self.process.send_signal(one)
            time.sleep(0.05)
        _, errors = self.process.communicate(timeout=30)
        assert time.monotonic() - started < TEN_SECONDS
        return self.process.returncode, errors


@pytest.fixture
def run(slack: Sandbox, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def start(draft_s: float = 0.0) -> Running:
        started.append(Running(slack, tmp_path / "home", draft_s))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("told", [(signal.SIGTERM,), (signal.SIGINT,) * 8])
def test_while_idle(run: Any, told: tuple[signal.Signals, ...]) -> None:
    bot = run()
    assert bot.is_ready()

    assert bot.stop(*told) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("auth.test", {"delay_s": 60}),
        ("apps.connections.open", {"delay_s": 60}),
        ("apps.connections.open", {"error": "ratelimited", "retry_after_s": 30}),
    ],
)
def test_while_it_is_connecting(slack: Sandbox, run: Any, method: str, fault: dict[str, Any]) -> None:
    slack.fail_next(method, **fault)
    bot = run()
    wait_for(lambda: slack.faults_left(method) == 0, 30, "the call")

    code, errors = bot.stop(signal.SIGINT, signal.SIGINT)

    assert (code, "Traceback" in errors) == (0, False), errors


@pytest.mark.slow
def test_while_a_draft_takes_a_minute_which_the_next_start_makes(slack: Sandbox, run: Any) -> None:
    bot = run(draft_s=60)
    assert bot.is_ready()
    thread_ts = slack.person("ben").post("support-cases", "When will I get my refund?")
    time.sleep(2)

    assert bot.stop(signal.SIGTERM) == (0, "")

    again = run()
    slack.person("ada").wait_for_reply("support-cases", thread_ts, lambda one: bool(one.get("metadata")), 30)
    assert again.stop(signal.SIGTERM) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("method", ["chat.postMessage", "users.info", "apps.connections.open"])
def test_while_slack_does_not_answer(slack: Sandbox, run: Any, method: str) -> None:
    bot = run()
    assert bot.is_ready()
    slack.fail_next(method, delay_s=60, times=2)
    slack.person("ben").post("support-cases", "When will I get my refund?")
    slack.disconnect_sockets("refresh_requested", close=False)
    wait_for(lambda: slack.faults_left(method) < 2, 30, "the call")

    assert bot.stop(signal.SIGTERM) == (0, "")


@pytest.mark.slow
def test_while_the_database_is_locked(slack: Sandbox, run: Any) -> None:
    bot = run()
    assert bot.is_ready()
    slack.person("ben").post("support-cases", "When will I get my refund?")
    time.sleep(1)
    locking = sqlite3.connect(bot.database, isolation_level=None)
    locking.execute("BEGIN EXCLUSIVE")
    slack.person("ben").post("support-cases", "How do I cancel?")

    code, errors = bot.stop(signal.SIGTERM)

    locking.execute("ROLLBACK")
    locking.close()
    assert code == 0, errors  # the log says what the lock has kept from being done


@pytest.mark.slow
def test_while_it_is_catching_up(slack: Sandbox, run: Any) -> None:
    first = run()
    assert first.is_ready()
    time.sleep(1)
    first.stop(signal.SIGTERM)
    slack.fail_next("conversations.history", delay_s=60)
    bot = run()
    wait_for(lambda: slack.faults_left("conversations.history") == 0, 30, "the call")

    assert bot.stop(signal.SIGTERM) == (0, "")


@pytest.mark.slow
def test_where_slack_wants_it_no_more_it_ends_with_what_to_do_and_exit_code_1(slack: Sandbox, run: Any) -> None:
    bot = run()
    assert bot.is_ready()
    slack.fail_next("apps.connections.open", error="token_revoked", times=100)

    slack.disconnect_sockets(abrupt=True)
    _, errors = bot.process.communicate(timeout=60)

    assert (bot.process.returncode, errors) == (
        1,
        "SLACK_APP_TOKEN was refused by Slack (token_revoked). Copy the app-level token (xapp-...) from "
        "api.slack.com/apps → Basic Information → App-Level Tokens.\n",
    )
