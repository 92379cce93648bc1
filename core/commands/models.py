"""`aitl models`, `aitl promote VERSION`, `aitl rollback`"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.bootstrap import open_store
from core.clock import utc_now
from core.commands.options import json_option, print_json
from core.program import Program
from core.progress_bar import progress_bar
from core.registry import deploy
from core.registry.bundle import BASE, Event
from core.registry.listing import DONE, Line, Listing, list_versions
from core.registry.provenance import described
from core.store import Store

BY = "command line"
WHY = "asked for on the terminal"
EVENTS_SHOWN = 20


@click.command()
@click.option(
    "--case", "case_id", metavar="ID", help="Instead: what drafted for this case, since when and taught by what."
)
@json_option
@click.pass_context
def models(ctx: click.Context, case_id: str | None, as_json: bool) -> None:
    """List the versions of the models, newest first, who serves, and what happened to them."""
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        if case_id is not None:
            _tell_of_case(store, case_id, as_json)
            return
        listing = list_versions(store.registry)
    if as_json:
        print_json(listing.described())
    else:
        _print(listing)


@click.command()
@click.argument("version", type=int)
@click.option("--anyway", is_flag=True, help="Also where an article would be lost to a question of its exam.")
@json_option
@click.pass_context
def promote(ctx: click.Context, version: int, anyway: bool, as_json: bool) -> None:
    """Make VERSION the champion. A bot that runs takes it over within seconds; `aitl rollback` undoes it."""
    program: Program = ctx.obj
    settings = program.settings()
    with open_store(settings) as store:
        before = store.registry.aliases().champion
        examine = deploy.ask_nothing if anyway else deploy.exam_of(settings, store, utc_now)
        with progress_bar("Indexing") as bar:
            changed = deploy.promote(store.registry, version, BY, WHY, deploy.index_of(settings, store, bar), examine)
    if as_json:
        print_json({"champion": version, "changed": changed})
    elif changed:
        click.echo(f"Version {version} is the champion now, in place of version {before}.")
    else:
        click.echo(f"Version {version} is the champion already.")


@click.command()
@json_option
@click.pass_context
def rollback(ctx: click.Context, as_json: bool) -> None:
    """Go back to the champion before; asked again, further back. A bot that runs follows within seconds."""
    program: Program = ctx.obj
    settings = program.settings()
    with open_store(settings) as store:
        before = store.registry.aliases().champion
        with progress_bar("Indexing") as bar:
            champion = deploy.roll_back(store.registry, BY, WHY, deploy.index_of(settings, store, bar))
    if as_json:
        print_json({"champion": champion, "rolled_back": before})
    else:
        click.echo(f"Version {champion} is the champion again, in place of version {before}.")


def _tell_of_case(store: Store, case_id: str, as_json: bool) -> None:
    case = store.cases.get(case_id)
    revisions = [described(store.registry, one) for one in store.suggestions.of_case(case.id)]
    if as_json:
        print_json({"case_id": case.id, "revisions": revisions})
        return
    click.echo(f"{case.id}: {len(revisions)} revision{'' if len(revisions) == 1 else 's'}")
    for revision in revisions:
        click.echo(f"revision {revision['revision']}, drafted {_minute(revision['created_at'])}")
        for one in revision["versions"]:
            click.echo(f"  by version {one['version']}{_served(one)}")


def _served(one: Mapping[str, Any]) -> str:
    if one["serves_as"] is None:
        return ", what ships with the product" if one["version"] == BASE else ""
    why = f" ({one['why']})" if one["why"] else ""
    taught = f"taught by {len(one['lessons'])} annotations (data {one['data_hash']})"
    return f", {one['serves_as']} since {_minute(one['since'])} by {one['by']}{why}, {taught}"


def _minute(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"


def _print(listing: Listing) -> None:
    console = Console(highlight=False)
    table = Table("Version", "Serves as", "Made", "From", "Trained", "Verdict", box=None, pad_edge=False)
    for line in listing.lines:
        table.add_row(*(escape(cell) for cell in _cells(line, listing.aliases.share)))
    console.print(table)
    if not listing.log:
        return
    console.print("\n[bold]What happened[/bold]")
    if len(listing.log) > EVENTS_SHOWN:
        console.print(f"[dim]({len(listing.log) - EVENTS_SHOWN} older events: --json has all)[/dim]")
    for event in listing.log[-EVENTS_SHOWN:]:
        console.print(escape(_told(event)))


def _cells(line: Line, share: float) -> tuple[str, ...]:
    bundle = line.bundle
    alias = f"challenger on {share:.0%}" if line.alias == "challenger" else line.alias or ""
    removed = "files removed; " if line.files_removed else ""
    parent = "" if bundle.parent is None else str(bundle.parent)
    return str(bundle.version), alias, _day(bundle.created_at), parent, line.trained, f"{removed}{line.verdict}"


def _told(event: Event) -> str:
    why = f": {event.why}" if event.why else ""
    return f"{event.at:%Y-%m-%d %H:%M}  version {event.version} {DONE[event.action]} by {event.by}{why}"


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"
