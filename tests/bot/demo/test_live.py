"""The demo serves until it is told to stop, and stops whenever it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.programs import AITL, end, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]


def started(home: Path) -> AbstractContextManager[subprocess.Popen[str]]:
    environment = {"PATH": os.environ["PATH"], "AITL_HOME": str(home), "PYTHONPATH": ":".join(sys.path)}
    return running([*AITL, "demo"], cwd=home, env=environment | {"PYTHONUNBUFFERED": "1"})


def read_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    read = ""
    while words not in read:
        line = process.stdout.readline()
        assert line, f"it ended before it said {words!r}: {process.stderr.read() if process.stderr else ''}"
        read += line
    return read


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_an_address_and_stops_when_told(tmp_path: Path, by: signal.Signals) -> None:
    with started(tmp_path) as process:
        printed = read_until(process, "Ctrl-C stops it.")
        process.send_signal(by)
        ended = end(process)

    assert "Open http://127.0.0.1:" in printed
    assert str(tmp_path) in printed
    assert ended == (0, "Stopped.\n", "")


def test_it_can_be_stopped_while_it_reads_the_knowledge(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        read_until(process, "Reading the sample knowledge base")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        code, _, complaints = end(process)

    assert code == 0, complaints
