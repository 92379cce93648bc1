"""`aitl ingest PATH...`"""

from __future__ import annotations

from pathlib import Path

import click

from core.commands.options import NamedPath, json_option
from core.ingest_command import ingest_command
from core.program import Program


@click.command()
@click.argument("paths", nargs=-1, required=True, type=NamedPath(path_type=Path))
@json_option
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """Add or update knowledge from files and folders: Markdown, HTML, text, PDF, JSONL {id, title, text, url}.

    Unchanged articles are skipped; articles that vanished from PATH are retired.
    """
    program: Program = ctx.obj
    ctx.exit(ingest_command(paths, program.settings(), as_json))
