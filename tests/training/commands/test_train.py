"""`aitl train` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

from training.turn import LOCK_FILE

PROGRAM = [sys.executable, "-W", "error", "-c", "from core.cli import main; main()", "train"]


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {
        "PATH": "/usr/bin:/bin",
        "AITL_HOME": str(home),
        "PYTHONPATH": ":".join(sys.path),
        "AITL_RETRAIN_MIN_ANNOTATIONS": "20",
    }
    return subprocess.Popen(
        [*PROGRAM, *arguments], cwd=home, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def aitl(home: Path, *arguments: str) -> tuple[int, str, str]:
    process = start(home, *arguments)
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
