"""`aitl run`: the bot against Slack by Socket Mode, until it is told to stop."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from bot.app import Bot
from bot.services import Services
from core.bootstrap import open_services
from core.settings import Settings

log = logging.getLogger("aitl.bot")


def run_command(settings: Settings, *, schedule: bool = True) -> int:
    """Run until SIGTERM or Ctrl-C; 0 after a clean stop. Prints `ready` once it can receive.

    `schedule`: whether retraining runs on its cadence beside the bot; there is nothing to retrain in this release.
    Raises ConfigurationError with the setting that is wrong.
    """
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if schedule:
        log.info("no retraining is scheduled: this release has no trainers")
    with _told_to_stop() as stop, open_services(settings) as services:
        return serve(settings, services, stop)


def serve(settings: Settings, services: Services, stop: Event) -> int:
    """Run the bot until `stop` is set."""
    bot = Bot(settings, services)
    bot.start()
    try:
        print("ready", flush=True)
        stop.wait()
    finally:
        bot.stop()
    return 0


@contextmanager
def _told_to_stop() -> Iterator[Event]:
    """Set by SIGTERM and by Ctrl-C, from the first moment on."""
    stop = Event()
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
