"""`aitl gaps`"""

from __future__ import annotations

import click

from core.bootstrap import open_store
from core.commands.options import json_option, print_json
from core.program import Program


@click.command()
@json_option
@click.pass_context
def gaps(ctx: click.Context, as_json: bool) -> None:
    """List what agents reported as missing from the knowledge base, newest first."""
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        reports = store.gaps.open()
    if as_json:
        print_json({"gaps": [report.model_dump(mode="json") for report in reports]})
        return
    if not reports:
        click.echo("Nothing is reported as missing.")
    for report in reports:
        kind = "exists, was not found" if report.kind == "exists_not_found" else "does not exist"
        link = f"  {report.link}" if report.link else ""
        description = report.description or "(removed after the retention time)"
        click.echo(f"{report.created_at:%Y-%m-%d}  {report.case_id}  {kind}: {description}{link}")
