"""`aitl sandbox`"""

from __future__ import annotations

from pathlib import Path

import click

from bot.sandbox import SandboxError
from bot.sandbox.command import sandbox_command
from core.commands.options import json_option
from core.errors import ConfigurationError
from core.summons import summons_by_signals


@click.command()
@click.option("--port", default=0, show_default="a free one", help="The port to serve on (loopback only).")
@click.option("--manifest", type=click.Path(path_type=Path), help="Another app's manifest (YAML or JSON).")
@click.option("--request-url", metavar="URL", help="Deliver there by HTTP instead of Socket Mode.")
@json_option
def sandbox(port: int, manifest: Path | None, request_url: str | None, as_json: bool) -> None:
    """Serve only the local Slack, for trying any Bolt app; prints its API URL and tokens."""
    try:
        # From the first moment on: whoever has read how to connect may stop us at once.
        with summons_by_signals() as summons:
            sandbox_command(port, manifest, summons.wait, as_json, request_url)
    except SandboxError as error:
        raise ConfigurationError(str(error)) from error
