"""`aitl ingest PATH...`"""

from __future__ import annotations

from pathlib import Path

import click

from core.commands.options import NamedPath, json_option
from core.ingest_command import ingest_command
from core.program import Program


@click.command()
@click.argument("paths", nargs=-1, required=True, type=NamedPath(path_type=Path))
@click.option("--anyway", is_flag=True, help="Also where the exam says that an article would be lost.")
@json_option
@click.pass_context
def ingest(ctx: click.Context, paths: tuple[Path, ...], anyway: bool, as_json: bool) -> None:
    """Add or update knowledge from files and folders: Markdown, HTML, text, PDF, JSONL {id, title, text, url}.

    Unchanged articles are skipped; articles that vanished from PATH are retired. Nothing is changed where an article
    would be lost to a question of its exam that finds it now.
    """
    program: Program = ctx.obj
    ctx.exit(ingest_command(paths, program.settings(), as_json, anyway))
