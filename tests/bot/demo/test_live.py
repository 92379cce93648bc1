"""The demo serves until it is told to stop, and stops whenever it is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

PROGRAM = [sys.executable, "-c", "from core.cli import main; main()", "demo"]


def started(home: Path) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "AITL_HOME": str(home), "PYTHONPATH": ":".join(sys.path)}
    environment["PYTHONUNBUFFERED"] = "1"
    return subprocess.Popen(
        PROGRAM, cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


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
        said, complaints = process.communicate(timeout=60)

    assert "Open http://127.0.0.1:" in printed
    assert str(tmp_path) in printed
    assert (process.returncode, complaints) == (0, "")
    assert said == "Stopped.\n"


def test_it_can_be_stopped_while_it_reads_the_knowledge(tmp_path: Path) -> None:
    with started(tmp_path) as process:
        read_until(process, "Reading the sample knowledge base")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode == 0
