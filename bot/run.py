"""`aitl run`: the bot against Slack, by Socket Mode or HTTP, until it is told to stop."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping

from bot.app import Bot
from bot.receiver import MakeReceiver
from bot.scheduler import SchedulerProcess
from bot.socket_mode import open_sockets
from core.bootstrap import open_services
from core.ending import Ending, ending_on_signals
from core.redaction.logs import log_to_stderr
from core.settings import Settings

log = logging.getLogger("aitl.bot")


# A stop is done within ten seconds; the scheduler is told at once, and has this long beside the bot's own stop.
SCHEDULER_STOPS_WITHIN_S = 7.5


def run_command(
    settings: Settings,
    *,
    schedule: Mapping[str, str] | None = None,
    ready: str = "ready",
    make_receiver: MakeReceiver = open_sockets,
) -> int:
    """Run until SIGTERM or Ctrl-C. The exit code: 0 after a clean stop, 1 where the bot could not go on.

    `ready` is printed once it can receive. `make_receiver`: the way deliveries come in.
    `schedule`: the environment of the scheduler that runs beside the bot; None: without one.
    Raises ConfigurationError with the setting that is wrong.
    """
    log_to_stderr(settings.log_level)
    with ending_on_signals() as ending:

        def work() -> None:
            with open_services(settings) as services:
                bot = Bot(settings, services, make_receiver, give_up=ending.give_up)
                scheduler = None if schedule is None else SchedulerProcess(schedule)
                serve(bot, ending, ready, scheduler)

        return ending.attend(work)


def serve(bot: Bot, ending: Ending, ready: str, scheduler: SchedulerProcess | None = None) -> None:
    """Run the bot until its end, and the scheduler beside it; `ready` is the line that says it can receive."""
    try:
        if not ending.is_over:
            bot.start()
        if not ending.is_over:
            print(ready, flush=True)
            if scheduler is not None:
                scheduler.start()
        ending.serve()
    finally:
        deadline_s = time.monotonic() + SCHEDULER_STOPS_WITHIN_S
        if scheduler is not None:
            scheduler.halt()
        bot.stop()
        if scheduler is not None:
            scheduler.join(deadline_s)
