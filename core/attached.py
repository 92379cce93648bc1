"""An `aitl` command that ends when whoever started it is gone: `python -P -m core.attached COMMAND...`

However its parent ends, also by kill -9, the pipe that is its standard input ends with it. That works wherever there
are pipes, and needs nobody to remember process ids, which may long be somebody else's.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

from core.cli import main

# -P: a folder `core` where the program happens to be started is not ours.
ATTACHED = (sys.executable, "-P", "-m", "core.attached")
_STDIN = 0
# Told to end, a command may put its things away for so long.
GRACE_S = 5.0


def start_attached(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    stdout: IO[Any] | int | None = None,
    stderr: IO[Any] | int | None = None,
    program: Sequence[str] = ATTACHED,
    niceness: int = 0,
) -> subprocess.Popen[bytes]:
    """Starts it in a session of its own, so that it and all that it starts can be ended together.

    Its output goes where ours goes unless said otherwise. `program`: what is started with these arguments. `niceness`:
    0..19, of it and all that it starts; others go first.
    """
    process = subprocess.Popen(
        [*program, *arguments],
        env=dict(environ),
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
    )
    with suppress(ProcessLookupError):  # it may have ended already
        # Not below ours: only the administrator may go back.
        os.setpriority(os.PRIO_PGRP, process.pid, max(niceness, os.getpriority(os.PRIO_PROCESS, 0)))
    return process


def end_attached(process: subprocess.Popen[bytes], within_s: float) -> int:
    """Tell it to end, and kill it and all that it started where it does not in time; its exit code."""
    tell_to_end(process)
    try:
        process.wait(within_s)
    except subprocess.TimeoutExpired:
        _signal_all(process, signal.SIGKILL)
    code = process.wait()
    if process.stdin is not None:
        process.stdin.close()
    return code


def tell_to_end(process: subprocess.Popen[bytes]) -> None:
    """Without waiting for it."""
    if process.poll() is None:
        _signal_all(process, signal.SIGTERM)


def _signal_all(process: subprocess.Popen[bytes], what: signal.Signals) -> None:
    try:
        os.killpg(process.pid, what)
    except ProcessLookupError:  # it ended by itself meanwhile
        return


def end_with_parent() -> None:
    """From now on this process is told to end when its standard input does, and is cut off where it does not."""
    threading.Thread(target=_watch, name="parent", daemon=True).start()


def _watch() -> None:
    # The bare descriptor: Python's own stdin may not be held by a thread when the interpreter ends.
    while os.read(_STDIN, 1024):
        pass
    _end(signal.SIGTERM)
    time.sleep(GRACE_S)
    _end(signal.SIGKILL)


def _end(how: signal.Signals) -> None:
    """Ourselves, and all that we started where we have a session of our own."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), how)
    else:
        os.kill(os.getpid(), how)


if __name__ == "__main__":
    end_with_parent()
    main(sys.argv[1:])
