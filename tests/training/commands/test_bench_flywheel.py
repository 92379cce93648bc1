"""`aitl bench flywheel DIR` on the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from training.commands.bench_flywheel import flywheel

PROGRAM = [sys.executable, "-W", "error", "-c", "from core.cli import main; main()", "bench", "flywheel"]


def test_a_control_that_is_none_is_a_wrong_usage(tmp_path):
    result = CliRunner().invoke(flywheel, [str(tmp_path), "--controls", "oracle,teapot"])

    assert result.exit_code == 2
    assert "'teapot' is no control; choose among random_labels, seed_only," in result.output


def test_a_folder_without_a_data_set_is_said_in_one_line(tmp_path: Path):
    environment = {"PATH": "/usr/bin:/bin", "AITL_HOME": str(tmp_path / "home"), "PYTHONPATH": ":".join(sys.path)}

    done = subprocess.run(
        [*PROGRAM, str(tmp_path), "--out", str(tmp_path / "out")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert f"{tmp_path / 'queries.jsonl'} cannot be read" in done.stderr
    assert not (tmp_path / "home").exists()
