"""`aitl demo --headless`: scripted agents work through sample cases over the sandbox's real sockets."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.demo.demo import Demo, running_demo
from bot.demo.selection import cases_to_play
from bot.sandbox import wait_for
from core.annotations import AnnotationKind
from core.commands.options import print_json
from core.settings import Settings

SETTLED_WITHIN_S = 60.0
PLURAL: dict[AnnotationKind, str] = {
    "preference": "preferences",
    "adoption": "adoptions",
    "relevance": "relevance",
    "gap": "gaps",
}


def play(settings: Settings, port: int, cases: int, as_json: bool) -> None:
    """Play `cases` cases and print what the database holds of them."""
    console = Console(stderr=True)
    with running_demo(settings, port, console.print) as demo:
        before, started = counted(demo), time.monotonic()
        _play(demo, cases, console)
        _settle(demo)
        summary = _difference(counted(demo), before)
        summary |= {"violations": len(demo.sandbox.violations), "seconds": round(time.monotonic() - started, 1)}
        summary["home"] = str(demo.home)
    if as_json:
        print_json(summary)
    else:
        click.echo(_in_words(summary))


def counted(demo: Demo) -> dict[str, Any]:
    """What the database holds: cases, suggestions, standing annotations by kind."""
    store = demo.services.store
    annotations = Counter(dict.fromkeys(PLURAL.values(), 0))
    for kind, name in PLURAL.items():
        annotations[name] += sum(1 for annotation in store.annotations.all(kind) if annotation.stands)
    return {"cases": store.cases.count(), "suggestions": store.suggestions.count(), "annotations": annotations}


def _play(demo: Demo, cases: int, console: Console) -> None:
    desk = demo.desk()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        for case in progress.track(cases_to_play(cases), description="Cases"):
            desk.work(case)


def _settle(demo: Demo) -> None:
    """Wait until every click is worked off and every message is out."""
    store = demo.services.store

    def idle() -> bool:
        lanes = sum(store.inbox.pending(lane) for lane in ("clicks", "events", "drafts", "asked", "deploys"))
        return lanes == 0

    wait_for(idle, SETTLED_WITHIN_S, "all clicks to be worked off")


def _difference(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What this run added: the home may hold an earlier run's."""
    added = {name: now[name] - before[name] for name in ("cases", "suggestions")}
    return {
        **added,
        "annotations": {name: now["annotations"][name] - before["annotations"][name] for name in now["annotations"]},
    }


def _in_words(summary: dict[str, Any]) -> str:
    kinds = ", ".join(f"{count} {name}" for name, count in summary["annotations"].items())
    breaches = (
        f"{summary['violations']} breaches of Slack's rules" if summary["violations"] else "no breach of Slack's rules"
    )
    return (
        f"{summary['cases']} cases, {summary['suggestions']} suggestions in {summary['seconds']} s; {breaches}\n"
        f"annotations: {kinds}\n"
        f"home: {summary['home']}\n"
        f"see them: AITL_HOME='{summary['home']}' aitl export preferences --out preferences.jsonl"
    )
