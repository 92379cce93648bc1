"""A main thread that waits is woken by a signal, whichever thread of its process the signal comes to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.summons import Summons, summons_by_signals

ROOT = Path(__file__).parents[2]
TO_ANOTHER_THREAD = """
import signal, threading, time

def come_to_this_thread():
    while signal.getsignal(signal.{name}) in (signal.SIG_DFL, signal.default_int_handler):
        time.sleep(0.05)
    time.sleep(1)  # now the main thread waits
    signal.pthread_kill(threading.get_ident(), signal.{name})
    time.sleep(600)

threading.Thread(target=come_to_this_thread, daemon=True).start()
"""
SERVING = """
from core.ending import ending_on_signals
with ending_on_signals() as ending:
    raise SystemExit(ending.attend(ending.serve))
"""
SANDBOX = "from core.cli import main; main(['sandbox'])"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("program", [SERVING, SANDBOX])
def test_a_signal_that_comes_to_another_thread_ends_it_too(program: str, name: str) -> None:
    given = TO_ANOTHER_THREAD.format(name=name) + program

    ended = subprocess.run([sys.executable, "-c", given], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_one_that_has_come_already_is_not_waited_for() -> None:
    summons = Summons()
    summons.send()
    summons.send()

    summons.wait()
    summons.wait()


def test_it_may_come_from_any_thread() -> None:
    summons = Summons()
    threading.Timer(0.1, summons.send).start()

    summons.wait()


def test_more_than_a_pipe_holds_is_no_harm() -> None:
    summons = Summons()
    for _ in range(100_000):
        summons.send()

    summons.wait()


def test_afterwards_signals_do_what_they_did_before() -> None:
    before = [signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)]

    with summons_by_signals() as summons:
        os.kill(os.getpid(), signal.SIGTERM)
        summons.wait()

    assert [signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)] == before
    assert signal.set_wakeup_fd(-1) == -1
