"""`aitl train`"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Event
from typing import Any, cast, get_args

import click

from core.adapters.torch_cpu import every_core
from core.bootstrap import open_store
from core.bundles import make_shared
from core.clock import utc_now
from core.commands.options import json_option, print_json
from core.program import Program
from core.registry.bundle import MODELS_FOLDER, PARTS, Part
from core.settings import Settings
from core.store.store import Store
from training.cycle import Workshop, run_cycle
from training.evaluation.measures import UNJUDGED
from training.parts import Workbench
from training.plan import Plan, make_plan
from training.progress import drawn_bar
from training.trainers.artefact import Stopped

STOPPED = 130  # as a shell says of what Ctrl-C ended


class _Parts(click.ParamType[tuple[Part, ...]]):
    """PART,... in the order in which they are trained."""

    name = "PART,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Part, ...]:
        if isinstance(value, tuple):
            return cast(tuple[Part, ...], value)
        names = {name.strip() for name in str(value).split(",") if name.strip()}
        unknown = sorted(names - set(get_args(Part)))
        if unknown or not names:
            self.fail(f"{(unknown or [value])[0]!r} is no part; choose among {', '.join(PARTS)}.", param, ctx)
        return tuple(part for part in PARTS if part in names)


@click.command()
@click.option("--only", "parts", type=_Parts(), default=PARTS, help="Train these; the other parts stay as they are.")
@click.option("--dry-run", is_flag=True, help="Only show what would be learned from.")
@click.option("--cycle-key", default="", hidden=True, help="Runs once under this name.")
@json_option
@click.pass_context
def train(ctx: click.Context, parts: tuple[Part, ...], dry_run: bool, cycle_key: str, as_json: bool) -> None:
    """Retrain from what agents said, measure the result on later cases, and put it beside the champion if it holds.

    PART: retriever, reranker, ranker, generator. What serves is not touched until all of it is done; Ctrl-C stops it,
    and the same command goes on from there.
    """
    program: Program = ctx.obj
    settings = program.settings()
    with open_store(settings) as store:
        if dry_run:
            plan = make_plan(store)
            print_json(plan.described()) if as_json else _print_plan(plan)
            return
        try:
            outcome = _cycle(settings, store, parts, cycle_key)
        except Stopped:
            outcome = {"verdict": "stopped", "reason": "Stopped; the same command goes on from here.", "version": None}
            ctx.exit(_say(outcome, as_json, STOPPED))
        _say(outcome, as_json)


def _cycle(settings: Settings, store: Store, parts: tuple[Part, ...], key: str) -> Mapping[str, Any]:
    bench = Workbench(settings, settings.home / MODELS_FOLDER)
    with _stoppable() as stop, every_core(), drawn_bar() as bar:
        workshop = Workshop(
            settings,
            store,
            utc_now,
            make_shared(settings, store),
            bench,
            report=bar,
            should_stop=stop.is_set,
        )
        return run_cycle(workshop, parts, key)


@contextmanager
def _stoppable() -> Iterator[Event]:
    """Ctrl-C and SIGTERM ask for a stop at the next step; a second Ctrl-C does not wait for it."""
    stop = Event()

    def ask(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(outcome: Mapping[str, Any], as_json: bool, code: int = 0) -> int:
    if as_json:
        print_json(outcome)
        return code
    for part, values in outcome.get("parts", {}).items():
        if values:
            click.echo(f"{part:<10} {values['measure']}: {values['before']:.3f} before, {values['after']:.3f} after")
    if UNJUDGED in outcome.get("facts", {}):
        old, new = outcome["facts"][UNJUDGED]
        click.echo(f"Of what is shown nobody has judged {old:.0%} before and {new:.0%} after.")
    for part, why in outcome.get("left_out", {}).items():
        click.echo(f"{part:<10} not trained: {why}")
    click.echo(outcome["reason"])
    if outcome.get("next"):
        click.echo(outcome["next"])
    return code


def _print_plan(plan: Plan) -> None:
    click.echo(f"{plan.cases} cases to learn from, {plan.held_out_cases} later ones to measure on (data {plan.hash})")
    for kind, counts in plan.rows.items():
        click.echo(f"  {kind:<12} {counts['train']:>7} rows, {counts['held_out']} held out")
    _print_counts("From", plan.agents)
    left_out = {**plan.excluded, **({"asked again among the held-out cases": plan.leaked} if plan.leaked else {})}
    _print_counts("Left out", left_out)
    if plan.weighs_less:
        click.echo("Weighs less, because others contradict it or it is a lot from one agent:")
    for agent, by_kind in plan.weighs_less.items():
        click.echo(f"  {agent}: " + ", ".join(f"{kind} {left:.2f}" for kind, left in by_kind.items()))


def _print_counts(title: str, counts: Mapping[str, int]) -> None:
    if counts:
        click.echo(f"{title}:")
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"  {count:>7}  {name}")
