"""Training and other long work in a process of its own: niced, with a time limit, and ended with all it started."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import IO, Any

from core.attached import ATTACHED, end_attached, start_attached

log = logging.getLogger("aitl.schedule")

# Drafts for people who wait go first.
NICENESS = 10
# A cycle takes minutes on a small machine and a few hours on much data; what takes longer hangs.
LONGEST_S = 6 * 3600.0
# A trainer asks between its steps whether it shall stop; whoever supervises the scheduler does not wait for long.
STOPS_WITHIN_S = 3.0
_SAID_BYTES = 4000


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended. `outcome`: what `aitl train --json` said; `failure`: one sentence, "" where there was none."""

    outcome: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""


class TrainingProcess:
    """One run of `aitl train`, or of another command with `--json`. `program`: what stands for `aitl`."""

    def __init__(
        self,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        program: Sequence[str] = ATTACHED,
        longest_s: float = LONGEST_S,
    ) -> None:
        self._said: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed at the end
        self._complained: IO[bytes] = TemporaryFile()  # noqa: SIM115
        self._longest_s, self._started_s = longest_s, time.monotonic()
        self._ended: Ended | None = None
        self._process = start_attached(arguments, environ, self._said, self._complained, program, NICENESS)

    def ended(self) -> Ended | None:
        """How it ended; None while it goes on. One that takes too long is stopped here."""
        if self._ended is None:
            self._ended = self._look()
        return self._ended

    def stop(self) -> None:
        """End it now; what it has done so far is where the next run with its key finds it."""
        end_attached(self._process, STOPS_WITHIN_S)
        self._said.close()
        self._complained.close()

    def _look(self) -> Ended | None:
        code = self._process.poll()
        if code is None and time.monotonic() - self._started_s > self._longest_s:
            self.stop()
            return Ended(failure=f"It was stopped: after {_hours(self._longest_s)} it was not done.")
        if code is None:
            return None
        ended = self._read(code)
        self.stop()
        return ended

    def _read(self, code: int) -> Ended:
        complaint = _last_line(self._complained)
        if code < 0:
            return Ended(failure=f"Its process was killed by signal {-code}.")
        if code > 0:
            return Ended(failure=f"It broke (exit code {code}): {complaint or 'nothing was said'}")
        try:
            outcome = json.loads(_text(self._said))
        except json.JSONDecodeError:
            return Ended(failure="It ended without saying what came of it.")
        return Ended(outcome if isinstance(outcome, dict) else {})


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _last_line(file: IO[bytes]) -> str:
    file.seek(0, os.SEEK_END)
    file.seek(max(0, file.tell() - _SAID_BYTES))
    lines = file.read().decode("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    if said:
        log.warning("training said at its end: %s", "\n".join(said[-20:]))
    return said[-1][:300] if said else ""


def _hours(seconds: float) -> str:
    return f"{seconds / 3600:g} hours" if seconds >= 3600 else f"{seconds:g} s"
