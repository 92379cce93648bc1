"""`aitl export KIND --out FILE`"""

from __future__ import annotations

from pathlib import Path

import click

from core.bootstrap import open_store
from core.commands.options import NamedPath, json_option, print_json
from core.exports import KINDS, export_rows
from core.program import Program


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--out", required=True, type=NamedPath(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--all", "everything", is_flag=True, help="Also what was replaced, withdrawn, held, or is a tie.")
@click.option("--anonymise", is_flag=True, help="Pseudonyms instead of agent ids.")
@json_option
@click.pass_context
def export(ctx: click.Context, kind: str, out: Path, everything: bool, anonymise: bool, as_json: bool) -> None:
    """Write KIND as JSON lines: preferences, adoptions, relevance, gaps or cases."""
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        count = export_rows(store, kind, out, everything=everything, anonymise=anonymise)
    if as_json:
        print_json({"rows": count, "out": str(out)})
    else:
        click.echo(f"{count} rows of {kind} written to {out}")
