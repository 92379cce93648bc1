"""`aitl schedule`"""

from __future__ import annotations

import json

import click

from core.bootstrap import open_store
from core.clock import utc_now
from core.commands.options import json_option
from core.ending import ending_on_signals
from core.program import Program
from core.redaction.logs import log_to_stderr
from training.schedule.child import TrainingProcess
from training.schedule.rounds import EVERY_S, make_rounds
from training.schedule.scheduler import Schedule, Training


@click.command()
@json_option
@click.pass_context
def schedule(ctx: click.Context, as_json: bool) -> None:
    """Retrain on the cadence of AITL_RETRAIN_CRON and when enough is new, and look after what serves.

    Prints `ready` when it keeps watch; stops on Ctrl-C. Several may run on one database: one of them leads, and
    another takes over within seconds when it ends.
    """
    program: Program = ctx.obj
    settings = program.settings()
    log_to_stderr(settings.log_level)
    ready = json.dumps({"ready": True}) if as_json else "ready"
    with ending_on_signals() as ending:

        def work() -> None:
            with open_store(settings) as store:
                rounds = make_rounds(settings, store, utc_now, lambda some: TrainingProcess(some, program.environ))
                serving = Schedule(settings, store, utc_now, Training(program.environ), rounds, EVERY_S)
                print(ready, flush=True)
                serving.serve(ending)

        ctx.exit(ending.attend(work))
