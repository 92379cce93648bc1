"""The command line: lazy, one JSON object, one sentence for what is wrong, exit codes a script can rely on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import COMMANDS


def aitl(*arguments: str, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the real program in a process of its own, with an environment of its own."""
    program = [sys.executable, "-W", "error", "-c", "from core.cli import main; main()"]
    environment = {"PATH": "/usr/bin:/bin", "AITL_HOME": str(cwd / "home"), "PYTHONPATH": ":".join(sys.path), **environ}
    return subprocess.run(
        [*program, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def test_help_lists_every_command(tmp_path: Path) -> None:
    answer = aitl("--help", cwd=tmp_path)

    assert answer.returncode == 0
    assert all(name in answer.stdout for name in COMMANDS)


def test_help_imports_no_command(tmp_path: Path) -> None:
    program = (
        "import sys\nfrom core.cli import main\n"
        "try: main(['--help'])\n"
        "finally: sys.stderr.write(','.join(m for m in sys.modules if m.startswith(('slack', 'sqlalchemy', 'torch'))))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stderr) == (0, "")


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_explains_itself(name: str, tmp_path: Path) -> None:
    answer = aitl(name, "--help", cwd=tmp_path)

    assert answer.returncode == 0, answer.stderr
    assert f"Usage: aitl {name}" in answer.stdout


def test_an_unknown_command_is_a_usage_error(tmp_path: Path) -> None:
    answer = aitl("sugest", cwd=tmp_path)

    assert answer.returncode == 2
    assert "sugest" in answer.stderr


def test_a_bad_setting_is_one_line_and_exits_2(tmp_path: Path) -> None:
    answer = aitl("gaps", cwd=tmp_path, AITL_DAILY_BUDGET="many")

    assert answer.returncode == 2
    assert answer.stderr == "BadSetting: AITL_DAILY_BUDGET is 'many', expected a whole number from 0 to 1000.\n"
    assert answer.stdout == ""


@pytest.mark.parametrize("command", [("ingest", ""), ("export", "cases", "--out", " ")])
def test_a_blank_path_is_a_usage_error(command: tuple[str, ...], tmp_path: Path) -> None:
    answer = aitl(*command, cwd=tmp_path)

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr.splitlines()[-1].endswith("the path is blank.")


@pytest.mark.parametrize(
    "command", [("gaps",), ("suggest", "Where is my refund?"), ("ingest", "."), ("demo", "--headless")]
)
def test_a_home_that_cannot_be_written_is_one_line_and_exits_2(command: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")

    answer = aitl(*command, "--json", cwd=tmp_path, AITL_HOME=str(tmp_path / "file"))

    assert (answer.returncode, answer.stdout) == (2, "")
    assert f"AITL_HOME is '{tmp_path / 'file'}', where nothing can be written" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
