"""Programs that tests start: ended with the test, also with one that fails, and given the time a busy machine takes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

# `aitl`, as its console script calls it.
AITL = (sys.executable, "-c", "from core.cli import main; main()")
# How long what must come may take where others use the machine too; what does not come at all costs a test that long.
PATIENCE_S = 60.0


@contextmanager
def running(program: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """The program with its output in pipes; killed at the end where it still runs."""
    process = subprocess.Popen(program, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def end(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Wait for its end: the exit code, and what it said on stdout and stderr since it was read last."""
    output, errors = process.communicate(timeout=PATIENCE_S)
    return process.returncode, output, errors


def runs(pid: int) -> bool:
    """Zombies, whom nobody has waited for yet, do not run."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
