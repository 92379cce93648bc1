"""`aitl doctor`"""

from __future__ import annotations

import click

from bot.doctor import doctor_command
from core.commands.options import json_option
from core.program import Program


@click.command()
@click.option("--retry-parked", is_flag=True, help="Have what was given up tried again; what is a day old is dropped.")
@json_option
@click.pass_context
def doctor(ctx: click.Context, retry_parked: bool, as_json: bool) -> None:
    """Check settings, tokens, scopes, database, index, models and parked work; exit 1 on a fault."""
    program: Program = ctx.obj
    ctx.exit(doctor_command(program.settings(), as_json, retry=retry_parked))
