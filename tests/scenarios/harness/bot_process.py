"""The real bot as a process of its own, so that a test can kill it: `python -m tests.scenarios.harness.bot_process`."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.app import Bot
from core.bootstrap import open_store
from core.clock import Clock, utc_now
from core.feedback import Feedback
from core.gap_queue import GapQueue
from core.judge.notes import NoteReader
from core.redaction import redact
from core.settings import Settings
from core.store import Store
from core.values import Case
from tests.scenarios.harness.small_gap_queue import small_gap_queue
from tests.scenarios.harness.word_overlap import WordOverlapSuggester

ROOT = Path(__file__).parents[3]
READY = "ready"


@dataclass(frozen=True)
class Services:
    """What the bot is handed."""

    settings: Settings
    store: Store
    feedback: Feedback
    clock: Clock
    suggester: WordOverlapSuggester
    gaps: GapQueue
    notes: NoteReader | None = None


class BotProcess:
    """The parent's end: start it, kill it, or ask it to stop. Killed at the end of a `with` that nobody stopped it in.

    One that is left behind goes on, and what is open of it makes some later test fail.
    """

    def __init__(self, environ: Mapping[str, str], log: Path, *options: str) -> None:
        self._log = log.open("ab")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.harness.bot_process", *options],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self.kill()

    @property
    def pid(self) -> int:
        """By which the system knows it."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Return once it can receive."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line == READY, f"the bot did not start: {Path(self._log.name).read_text()[-2000:]}"

    def kill(self) -> None:
        """kill -9: it does not get to do anything."""
        self._process.kill()
        self._close()

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self._process.terminate()
        return self._close()

    def _close(self) -> int:
        code = self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._log.close()
        return code


def small_services(settings: Settings, store: Store, suggester: WordOverlapSuggester) -> Services:
    """Without models."""
    gaps = small_gap_queue(settings, store, utc_now)
    return Services(settings, store, Feedback(store, utc_now, redact), utc_now, suggester, gaps)


def main() -> None:
    """Run until SIGTERM; with `--at-once` drafts take no time."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})  # before there are threads, which inherit it
    settings = Settings.from_environment(os.environ)
    with open_store(settings) as store:
        suggester = WordOverlapSuggester(before=None if "--at-once" in sys.argv else _take_some_time)
        bot = Bot(settings, small_services(settings, store, suggester))
        bot.start()
        print(READY, flush=True)
        signal.sigwait({signal.SIGTERM})
        bot.stop()


def _take_some_time(case: Case) -> None:
    """As models do, so that drafts are in flight when the process dies."""
    time.sleep(random.Random(case.id).uniform(0.02, 0.3))


if __name__ == "__main__":
    main()
