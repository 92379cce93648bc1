"""`aitl train` on the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from filelock import FileLock

from bot.sandbox import wait_for
from core.registry.bundle import Aliases
from tests.training.cycles import open_home
from training.turn import LOCK_FILE

PROGRAM = [sys.executable, "-W", "error", "-c", "from core.cli import main; main()", "train"]


def start(home: Path, *arguments: str, more: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "AITL_HOME": str(home),
        "PYTHONPATH": ":".join(sys.path),
        "AITL_RETRAIN_MIN_ANNOTATIONS": "20",
        **(more or {}),
    }
    return subprocess.Popen(
        [*PROGRAM, *arguments], cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def aitl(home: Path, *arguments: str, more: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    process = start(home, *arguments, more=more)
    said, complained = process.communicate(timeout=240)
    return process.returncode, said, complained


def test_a_skipped_cycle_exits_0_and_says_what_is_missing(tmp_path):
    code, said, complained = aitl(tmp_path, "--json")

    outcome = json.loads(said)
    assert code == 0, complained
    assert (outcome["verdict"], outcome["version"]) == ("insufficient data", None)
    assert outcome["reason"].startswith("Skipped: 0 new annotations may teach, 20 more are needed")
    assert outcome["data"]["preference"] == {"train": 0, "held_out": 0}
    assert outcome["parts"] == {}


def test_a_part_that_is_none_is_a_wrong_usage(tmp_path):
    code, said, complained = aitl(tmp_path, "--only", "retriever,teapot")

    assert (code, said) == (2, "")
    assert "'teapot' is no part; choose among retriever, reranker, ranker, generator." in complained


def test_a_second_run_says_in_one_line_that_one_is_running(tmp_path):
    with FileLock(tmp_path / LOCK_FILE):
        code, said, complained = aitl(tmp_path)

    assert (code, said) == (1, "")
    assert "A training run is going on already" in complained
    assert "Traceback" not in complained


@pytest.mark.slow
def test_ctrl_c_ends_with_130_touches_nothing_and_the_next_run_goes_on(home_folder):
    with open_home(home_folder) as home:
        home.work(80, 20)  # the command wants twenty later cases
        process = start(home_folder, "--only", "ranker", "--json")
        wait_for(lambda: home.store.cycles.unfinished(), 120, "the cycle to begin")
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=120)

        stopped = home.store.cycles.unfinished()
        assert (process.returncode, json.loads(said)["verdict"]) == (130, "stopped"), complained
        assert json.loads(said)["reason"] == "Stopped; the same command goes on from here."
        assert "Traceback" not in complained
        assert stopped is not None
        assert home.store.registry.aliases() == Aliases()
        assert [one.version for one in home.store.registry.bundles()] == [0]

        code, said, complained = aitl(home_folder, "--only", "ranker", more={"AITL_RETRAIN_MIN_ANNOTATIONS": "1000"})

        assert (code, home.store.cycles.unfinished()) == (0, None), complained
        assert home.store.cycles.get(stopped.key).ending == "skipped"
        assert home.folders() == []
