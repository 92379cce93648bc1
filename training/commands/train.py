"""`aitl train`"""

from __future__ import annotations

from collections.abc import Mapping

import click

from core.bootstrap import open_store
from core.commands.options import json_option, print_json
from core.program import Program
from training.plan import Plan, make_plan


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would be learned from.")
@json_option
@click.pass_context
def train(ctx: click.Context, dry_run: bool, as_json: bool) -> None:
    """Show what the models would be retrained from: how much of each kind, from whom, and what is left out."""
    if not dry_run:
        raise click.UsageError("This release has no trainers yet; add --dry-run to see what they would learn from.")
    program: Program = ctx.obj
    with open_store(program.settings()) as store:
        plan = make_plan(store)
    if as_json:
        print_json(plan.described())
        return
    _print(plan)


def _print(plan: Plan) -> None:
    click.echo(f"{plan.cases} cases to learn from, {plan.held_out_cases} later ones to measure on (data {plan.hash})")
    for kind, counts in plan.rows.items():
        click.echo(f"  {kind:<12} {counts['train']:>7} rows, {counts['held_out']} held out")
    _print_counts("From", plan.agents)
    left_out = {**plan.excluded, **({"asked again among the held-out cases": plan.leaked} if plan.leaked else {})}
    _print_counts("Left out", left_out)


def _print_counts(title: str, counts: Mapping[str, int]) -> None:
    if counts:
        click.echo(f"{title}:")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"  {count:>7}  {name}")
