"""`aitl run`"""

from __future__ import annotations

import json

import click

from bot.run import run_command
from core.commands.options import json_option
from core.program import Program


@click.command()
@click.option("--no-schedule", is_flag=True, help="Without the scheduler beside it.")
@json_option
@click.pass_context
def run(ctx: click.Context, no_schedule: bool, as_json: bool) -> None:
    """Run the bot against Slack by Socket Mode. Prints `ready` when it can receive; stops on Ctrl-C."""
    program: Program = ctx.obj
    ready = json.dumps({"ready": True}) if as_json else "ready"
    ctx.exit(run_command(program.settings(), schedule=not no_schedule, ready=ready))
