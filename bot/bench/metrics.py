"""How long `aitl metrics` and the answer to `/aitl metrics` take among a million annotations, and how that grows.

    python -m bot.bench.metrics [--annotations N] [--database URL] [--out FOLDER]

A store is filled with a hundredth of the annotations, asked, filled up, and asked again. First: the first time that
anybody asks for the figures of these days. Then: each time after, the fastest of nine, because what else the machine
does only adds to them. Answer: all that the answer in Slack rests on, figures and trend, reasons and threads, the same
way. With the plans by which the database finds the rows.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from sqlalchemy import Engine, event, text

from bot.bench.synthetic_year import ANNOTATIONS_PER_CASE, END, TEAM, fill_year
from core.metrics.measures import Figures
from core.metrics.periods import figures_of_the_last
from core.metrics.summary import last_days
from core.overview import read_overview
from core.store import Store, make_engine, upgrade

PERIODS = (7, 30, 90)
LIMIT_S = 1.0
_FEWER = 100
_REPEATS = 9


@click.command()
@click.option("--annotations", default=1_000_000, show_default=True)
@click.option("--database", default="", help="The URL of an empty database; without it a SQLite file is made.")
@click.option("--out", default=".", show_default="here", type=click.Path(path_type=Path, file_okay=False))
def main(annotations: int, database: str, out: Path) -> None:
    """Fill, ask and print; writes metrics.json; exits 1 where the figures of 90 days take longer than a second.

    A run that was killed goes on where it was, given the same database and folder.
    """
    out.mkdir(parents=True, exist_ok=True)
    file = out / "metrics.json"
    with TemporaryDirectory() as folder:
        engine = make_engine(database or f"sqlite:///{folder}/aitl.db")
        try:
            for found in measure(engine, annotations, json.loads(file.read_text("utf-8")) if file.exists() else {}):
                file.write_text(json.dumps(found, indent=2) + "\n", "utf-8")
        finally:
            engine.dispose()
    _print(found)
    raise SystemExit(0 if found["many"]["then_s"]["90"] <= LIMIT_S else 1)


def measure(engine: Engine, annotations: int, before: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Times in seconds by number of days, few against many; and the plans of every statement of 90 days.

    Yields what is known so far; `before`: what a killed run knew.
    """
    upgrade(engine)
    store = Store(engine, lambda: END)
    cases = annotations // ANNOTATIONS_PER_CASE
    few = max(1, cases // _FEWER)
    if store.cases.count() <= few:
        _fill(store, few)
        before = {"database": engine.dialect.name, "few": _timed(store, few)}
        yield before
    if "few" not in before:
        raise click.UsageError("This database has cases already; give --database an empty one.")
    _fill(store, cases)
    found = {**before, "many": _timed(store, cases)}
    then_s = found["many"]["then_s"]
    found["times_as_long"] = {days: then_s[days] / seconds for days, seconds in before["few"]["then_s"].items()}
    with _asked(engine) as statements:
        read_overview(store, last_days(max(PERIODS), END), TEAM)
    yield {**found, "plans": _plans(engine, statements)}


def _fill(store: Store, cases: int) -> None:
    """Up to so many, on a connection that does not wait for the disk."""
    there = store.cases.count()
    engine = make_engine(store.engine.url.render_as_string(hide_password=False))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA synchronous = OFF"))
    try:
        fill_year(engine, cases - there, there)
    finally:
        engine.dispose()


def _timed(store: Store, cases: int) -> dict[str, Any]:
    first_s, then_s, answer_s = {}, {}, {}
    for days in PERIODS:
        ask = partial(_figures, store, days)
        first_s[str(days)] = _seconds(ask)
        then_s[str(days)] = min(_seconds(ask) for _ in range(_REPEATS))
        answer = partial(read_overview, store, last_days(days, END), TEAM)
        answer_s[str(days)] = min(_seconds(answer) for _ in range(_REPEATS))
    asked = {"annotations": ANNOTATIONS_PER_CASE * cases, "cases": cases}
    return {**asked, "first_s": first_s, "then_s": then_s, "answer_s": answer_s}


def _figures(store: Store, days: int) -> Figures:
    return figures_of_the_last(days, END, lambda since, until: store.metrics.counted(since, until, TEAM))


def _seconds(work: Callable[[], object]) -> float:
    started_s = time.perf_counter()
    work()
    return time.perf_counter() - started_s


@contextmanager
def _asked(engine: Engine) -> Iterator[dict[str, Any]]:
    """The statements that are asked meanwhile, each once, with values."""
    statements: dict[str, Any] = {}

    def remember(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            statements.setdefault(statement, parameters)

    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", remember)


def _plans(engine: Engine, statements: dict[str, Any]) -> list[dict[str, Any]]:
    explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        return [
            {
                "statement": " ".join(statement.split()),
                "plan": [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, values)],
            }
            for statement, values in statements.items()
        ]


def _print(found: dict[str, Any]) -> None:
    for one in found["plans"]:
        click.echo(one["statement"])
        click.echo("".join(f"    {line}\n" for line in one["plan"]))
    few, many = found["few"], found["many"]
    click.echo(f"{found['database']}: {many['annotations']:,} annotations, {many['cases']:,} cases")
    for days in map(str, PERIODS):
        click.echo(
            f"{days:>3} days: first {many['first_s'][days]:.2f} s, then {many['then_s'][days]:.3f} s, "
            f"{found['times_as_long'][days]:.1f} times as long as among {few['annotations']:,}; "
            f"the answer {many['answer_s'][days]:.3f} s"
        )


if __name__ == "__main__":
    main()
