"""`aitl run`"""

from __future__ import annotations

import json

import click

from bot.http_mode import Address, over_http
from bot.run import run_command
from bot.socket_mode import open_sockets
from core.commands.options import json_option
from core.program import Program


@click.command()
@click.option("--http", metavar="[HOST:]PORT", help="Serve /slack/events and /healthz instead of Socket Mode.")
@click.option("--no-schedule", is_flag=True, help="Without the scheduler beside it.")
@json_option
@click.pass_context
def run(ctx: click.Context, http: str | None, no_schedule: bool, as_json: bool) -> None:
    """Run the bot against Slack, by Socket Mode or HTTP. Prints `ready` when it can receive; stops on Ctrl-C."""
    program: Program = ctx.obj
    ready = json.dumps({"ready": True}) if as_json else "ready"
    make_receiver = open_sockets if http is None else over_http(Address.parse(http))
    settings = program.settings()
    ctx.exit(
        run_command(
            settings, schedule=None if no_schedule else program.environ, ready=ready, make_receiver=make_receiver
        )
    )
