"""Training as a process of its own: how it ended is told in a sentence, and it is ended with all that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.sandbox import wait_for
from tests.programs import runs
from tests.training.fake_aitl import OUTCOME
from training.schedule.child import NICENESS, Ended, TrainingProcess

ROOT = Path(__file__).parents[3]
PROGRAM = (sys.executable, "-m", "tests.training.fake_aitl")


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "AITL_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)
    }  # fmt: skip


@pytest.fixture
def train(environ: dict[str, str]) -> Iterator[Callable[..., TrainingProcess]]:
    started: list[TrainingProcess] = []

    def start(how: str, longest_s: float = 600.0) -> TrainingProcess:
        arguments = ("train", "--json", "--cycle-key", "k1")
        started.append(TrainingProcess(arguments, environ | {"FAKE_TRAINING": how}, PROGRAM, longest_s))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def pids(home: Path) -> list[int]:
    """Of the process that hangs, and of what it has started."""
    file = home / "pids"
    wait_for(lambda: file.exists() and len(file.read_text().split()) == 2, 60, "the process to hang")
    return [int(pid) for pid in file.read_text().split()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "ended"),
    [
        ("done", Ended(OUTCOME)),
        ("break", Ended(failure="It broke (exit code 1): TrainingFailed: there is no row to learn from.")),
        ("crash", Ended(failure="Its process was killed by signal 9.")),
        ("silent", Ended(failure="It ended without saying what came of it.")),
    ],
)
def test_how_it_ended_is_told(train: Callable[..., TrainingProcess], how: str, ended: Ended) -> None:
    process = train(how)

    assert wait_for(process.ended, 60, "its end") == ended
    assert process.ended() == ended  # asked again where it could not be noted


@pytest.mark.slow
def test_it_is_nice_and_goes_on_as_long_as_it_may_and_no_longer(
    train: Callable[..., TrainingProcess], tmp_path: Path
) -> None:
    process = train("stubborn", longest_s=4.0)
    assert process.ended() is None
    hanging, helper = pids(tmp_path)
    assert os.getpriority(os.PRIO_PROCESS, hanging) == NICENESS
    assert os.getpriority(os.PRIO_PROCESS, helper) == NICENESS

    ended = wait_for(process.ended, 60, "its end")

    assert ended == Ended(failure="It was stopped: after 4 s it was not done.")
    wait_for(lambda: not runs(hanging) and not runs(helper), 20, "both to end")


@pytest.mark.slow
def test_it_ends_when_whoever_started_it_is_killed(environ: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import os, sys, time\n"
        "from training.schedule.child import TrainingProcess\n"
        f"TrainingProcess(('train', '--json', '--cycle-key', 'k'), os.environ, {PROGRAM!r})\n"
        "time.sleep(600)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program], env=environ | {"FAKE_TRAINING": "hang"}, cwd=ROOT)
    hanging, helper = pids(tmp_path)

    starter.send_signal(signal.SIGKILL)
    starter.wait()

    wait_for(lambda: not runs(hanging) and not runs(helper), 30, "it to end too, and what it has started")
