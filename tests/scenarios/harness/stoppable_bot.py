"""`aitl run` with drafts that take as long as asked: `python -m tests.scenarios.harness.stoppable_bot SECONDS`."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from bot.app import Bot
from bot.run import serve
from core.bootstrap import open_store
from core.ending import ending_on_signals
from core.settings import Settings
from tests.scenarios.harness.bot_process import READY, small_services
from tests.scenarios.harness.word_overlap import WordOverlapSuggester


def main(draft_s: float) -> int:
    """Run until the end; the exit code."""
    settings = Settings.from_environment(dict(os.environ), Path("no.env"))
    suggester = WordOverlapSuggester(before=lambda case: time.sleep(draft_s))
    with ending_on_signals() as ending:

        def work() -> None:
            with open_store(settings) as store:
                services = small_services(settings, store, suggester)
                serve(Bot(settings, services, give_up=ending.give_up), ending, READY)

        return ending.attend(work)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
