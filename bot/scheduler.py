"""The scheduler beside the bot: a process of its own, started again when it dies, and never left behind."""

from __future__ import annotations

import logging
import subprocess
import time
from collections.abc import Mapping, Sequence
from threading import Event, Thread

from core.attached import ATTACHED, end_attached, start_attached, tell_to_end

log = logging.getLogger("aitl.bot")

# Between its end and its next start: doubles from the first to the second, and starts over once it has lasted.
BACKOFF_S = (1.0, 60.0)
SETTLED_S = 60.0
# Drafts for people who wait go first.
NICENESS = 5


class SchedulerProcess:
    """Supervises `aitl schedule` from one thread. `program`: what stands for `aitl`."""

    def __init__(self, environ: Mapping[str, str], program: Sequence[str] = ATTACHED) -> None:
        self._environ, self._program = environ, program
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="aitl-scheduler", daemon=True)

    def start(self) -> None:
        """Have it run from now on."""
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Of the process that runs now; None between two."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def halt(self) -> None:
        """Tell it to end."""
        self._stopping.set()
        if self._process is not None:
            tell_to_end(self._process)

    def join(self, deadline_s: float) -> None:
        """Wait until then (on the monotonic clock) for its end, and kill it where it does not come."""
        if self._thread.is_alive():
            self._thread.join(max(0.0, deadline_s - time.monotonic()))
        if self._process is not None:
            end_attached(self._process, 0.0)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            started_s = time.monotonic()
            code = self._once()
            if self._stopping.is_set():
                return
            failures = 1 if time.monotonic() - started_s >= SETTLED_S else failures + 1
            wait_s = min(BACKOFF_S[1], BACKOFF_S[0] * 2.0 ** (failures - 1))
            log.warning("the scheduler ended (exit code %d) and is started again in %.0f s", code, wait_s)
            self._stopping.wait(wait_s)

    def _once(self) -> int:
        """One life of it; its log goes where ours goes."""
        process = start_attached(
            ["schedule"], self._environ, stdout=subprocess.DEVNULL, program=self._program, niceness=NICENESS
        )
        self._process = process
        log.info("the scheduler runs as process %d", process.pid)
        if self._stopping.is_set():  # told before there was anything to tell
            tell_to_end(process)
        process.wait()
        return end_attached(process, 0.0)
