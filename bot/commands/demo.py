"""`aitl demo`"""

from __future__ import annotations

from dataclasses import replace

import click

from bot.demo.headless import play
from bot.demo.live import serve
from core.commands.options import json_option
from core.program import Program
from core.settings import Settings


@click.command()
@click.option("--port", default=0, show_default="a free one", help="The page's port (loopback only).")
@click.option("--headless", is_flag=True, help="No page: scripted agents answer, then a summary.")
@click.option("--cases", default=10, show_default=True, type=click.IntRange(1, 10_000), help="How many, if headless.")
@json_option
@click.pass_context
def demo(ctx: click.Context, port: int, headless: bool, cases: int, as_json: bool) -> None:
    """Try the whole product on this machine: a local Slack, the bot, sample knowledge and cases.

    Everything it writes lives in AITL_HOME if that is set, else in a `demo` folder of its own.
    Nothing leaves the machine.
    """
    program: Program = ctx.obj
    settings = _in_own_home(program)
    if headless:
        play(settings, port, cases, as_json)
    else:
        serve(settings, port, as_json)


def _in_own_home(program: Program) -> Settings:
    """The demo's settings: its database and index in its own home, whatever a `.env` file points at elsewhere."""
    settings = program.settings()
    home = settings.home if program.names_home() else settings.home / "demo"
    return replace(settings, home=home, database_url=f"sqlite:///{home / 'aitl.db'}", chroma_url="")
