"""`aitl doctor`"""

from __future__ import annotations

import click

from bot.doctor import doctor_command
from core.commands.options import json_option
from core.program import Program


@click.command()
@json_option
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Check settings, tokens, scopes, database, index, models and parked work; exit 1 on a fault."""
    program: Program = ctx.obj
    ctx.exit(doctor_command(program.settings(), as_json))
