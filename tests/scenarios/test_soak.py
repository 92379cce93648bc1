"""More than a thousand cases in one process: its memory, threads and open files stay where they were."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox import Person, Sandbox, wait_for
from tests.scenarios.harness.bot_process import BotProcess

CASES = 1200
# The bot posts once a second in each: in so many it is busy all the time.
CHANNELS = 50
# So many may wait for their drafts: a flood of them is another scenario.
AHEAD = 50
# What the second half may add to the first's: the allocator's and SQLite's own caches settle late.
MEMORY_MAY_GROW_BY = 0.05
# The pool keeps up to ten connections, of two files each, and fills up only when so many threads meet.
FILES_MAY_GROW_BY = 20


@dataclass(frozen=True)
class Size:
    """What a process takes up."""

    memory_kb: int
    files: int
    threads: int

    @classmethod
    def of(cls, pid: int) -> Size:
        status = Path(f"/proc/{pid}/status").read_text()
        values = dict(line.split(":", 1) for line in status.splitlines())
        files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        return cls(int(values["VmRSS"].split()[0]), files, int(values["Threads"]))


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    """Without limits: the bot keeps its own."""
    with Sandbox(rate_limits=False) as sandbox:
        yield sandbox


@pytest.fixture
def channels(slack: Sandbox) -> list[str]:
    lea = slack.person("lea")
    made = [lea.create_channel(f"cases-{number}") for number in range(CHANNELS)]
    for channel in made:
        lea.invite(channel, slack.user("customer").id)
        lea.invite(channel, slack.bot_user_id)
    return made


@pytest.fixture
def bot(slack: Sandbox, channels: list[str], tmp_path: Path) -> Iterator[BotProcess]:
    environ = {
        "AITL_HOME": str(tmp_path),
        "AITL_SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "AITL_CASE_CHANNELS": ",".join(channels),
    }
    with BotProcess(environ, tmp_path / "bot.log", "--at-once") as process:
        process.wait_until_ready()
        yield process
        assert process.stop() == 0


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux how large a process is")
def test_a_thousand_cases_and_more_leave_the_process_as_it_was_after_half_of_them(
    slack: Sandbox, channels: list[str], bot: BotProcess, tmp_path: Path
) -> None:
    customer = slack.person("customer")
    _work_off(customer, channels, range(CASES // 2), tmp_path / "aitl.db")
    before = Size.of(bot.pid)

    _work_off(customer, channels, range(CASES // 2, CASES), tmp_path / "aitl.db")

    after = Size.of(bot.pid)
    assert after.memory_kb < before.memory_kb * (1 + MEMORY_MAY_GROW_BY), (before, after)
    assert after.files <= before.files + FILES_MAY_GROW_BY, (before, after)
    assert after.threads <= before.threads + 2, (before, after)
    assert slack.violations == []


def _work_off(customer: Person, channels: list[str], numbers: range, database: Path) -> None:
    """Post the cases, as fast as they are worked off, until all have their drafts in Slack."""
    for number in numbers:
        customer.post(channels[number % CHANNELS], f"When will I get my refund? ({number})")
        if number % AHEAD == 0 or number == numbers.stop - 1:
            behind = 0 if number == numbers.stop - 1 else AHEAD
            wait_for(lambda least=number + 1 - behind: _posted(database) >= least or None, 120, f"{number} drafts")


def _posted(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM suggestions WHERE ts IS NOT NULL").fetchone()
    connection.close()
    return int(count)
