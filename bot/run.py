"""`aitl run`: the bot against Slack by Socket Mode, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue

from bot.app import Bot
from bot.services import Services
from core.bootstrap import open_services
from core.settings import Settings

log = logging.getLogger("aitl.bot")


class Told:
    """An event that a signal handler may set: threading.Event deadlocks when its own waiter is the one interrupted."""

    def __init__(self) -> None:
        self._told: SimpleQueue[None] = SimpleQueue()  # its put is reentrant, as documented

    def set(self) -> None:
        """Wake whoever waits."""
        self._told.put(None)

    def wait(self) -> None:
        """Return once it has been set."""
        self._told.get()


def run_command(settings: Settings, *, schedule: bool = True, ready: str = "ready") -> int:
    """Run until SIGTERM or Ctrl-C; 0 after a clean stop. Prints `ready` once it can receive.

    `schedule`: whether retraining runs on its cadence beside the bot; there is nothing to retrain in this release.
    Raises ConfigurationError with the setting that is wrong.
    """
    _log_to_stderr()
    if schedule:
        log.info("no retraining is scheduled: this release has no trainers")
    with _told_to_stop() as stop, open_services(settings) as services:
        return serve(settings, services, stop, ready)


def serve(settings: Settings, services: Services, stop: Told, ready: str) -> int:
    """Run the bot until `stop` is set; `ready` is the line that says it can receive."""
    bot = Bot(settings, services)
    bot.start()
    try:
        print(ready, flush=True)
        stop.wait()
    finally:
        bot.stop()
    return 0


def _log_to_stderr() -> None:
    """Warnings and worse."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)  # a library may set its own logger's level when it is imported


@contextmanager
def _told_to_stop() -> Iterator[Told]:
    """Set by SIGTERM and by Ctrl-C, from the first moment on."""
    stop = Told()
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
