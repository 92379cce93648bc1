"""`aitl run`: the bot against Slack, by Socket Mode or HTTP, until it is told to stop."""

from __future__ import annotations

import logging
import sys

from bot.app import Bot
from core.ending import Ending, ending_on_signals
from bot.receiver import MakeReceiver
from bot.socket_mode import open_sockets
from core.bootstrap import open_services
from core.redaction.logs import RedactedFormatter
from core.settings import Settings

log = logging.getLogger("aitl.bot")


def run_command(
    settings: Settings, *, schedule: bool = True, ready: str = "ready", make_receiver: MakeReceiver = open_sockets
) -> int:
    """Run until SIGTERM or Ctrl-C. The exit code: 0 after a clean stop, 1 where the bot could not go on.

    `ready` is printed once it can receive. `make_receiver`: the way deliveries come in.
    `schedule`: whether retraining runs on its cadence beside the bot; there is nothing to retrain in this release.
    Raises ConfigurationError with the setting that is wrong.
    """
    _log_to_stderr(settings.log_level)
    if schedule:
        log.info("no retraining is scheduled: this release has no trainers")
    with ending_on_signals() as ending:

        def work() -> None:
            with open_services(settings) as services:
                bot = Bot(settings, services, make_receiver, give_up=ending.give_up)
                serve(bot, ending, ready)

        return ending.attend(work)


def serve(bot: Bot, ending: Ending, ready: str) -> None:
    """Run the bot until its end; `ready` is the line that says it can receive."""
    try:
        if not ending.is_over:
            bot.start()
        if not ending.is_over:
            print(ready, flush=True)
        ending.serve()
    finally:
        bot.stop()


def _log_to_stderr(level: str) -> None:
    """What is at least that bad; of libraries their warnings, unless every detail is asked for.

    Personal data is masked in every line; the command line masks secrets in all that goes to stderr.
    """
    logging.basicConfig(stream=sys.stderr)
    at_least = logging.getLevelName(level.upper())
    root = logging.getLogger()
    root.setLevel(at_least if level in ("debug", "error") else logging.WARNING)
    logging.getLogger("aitl").setLevel(at_least)
    for handler in root.handlers:
        handler.setFormatter(RedactedFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handler.setLevel(at_least)  # a library may set its own logger's level when it is imported
