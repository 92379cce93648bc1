"""`aitl causes`"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import click

from core.bootstrap import open_store
from core.bundles import make_shared
from core.causes import DAYS, TITLES, Line, Listed, in_words, message_url
from core.clock import utc_now
from core.commands.options import json_option, print_json
from core.fix_first import fix_first
from core.program import Program
from core.progress_bar import progress_bar
from core.settings import Settings
from core.store.store import Store
from training.causes.round import MOST, Round, find_causes
from training.causes.serving import make_answers

LONGEST_DAYS = 3650
_SHOWN = 12


@click.command()
@click.option("--days", type=click.IntRange(1, LONGEST_DAYS), default=DAYS, show_default=True, help="The last so many.")
@click.option(
    "--most", type=click.IntRange(0), default=MOST, show_default=True, help="Replay at most so many; 0 only lists."
)
@click.option("--all", "everything", is_flag=True, help=f"Every line, not only the first {_SHOWN}.")
@json_option
@click.pass_context
def causes(ctx: click.Context, days: int, most: int, everything: bool, as_json: bool) -> None:
    """Show what to fix first: why suggestions came to a bad end, by cause and topic, and what to do about it.

    A refusal, a reply of an agent's own, an edit or marks against what was shown is a bad end. What is new is replayed
    first, the newest first, with one stage after the other swapped for the known right answer.
    """
    program: Program = ctx.obj
    settings = program.settings()
    with open_store(settings) as store:
        done = _run(settings, store, days, most)
        now = utc_now()
        lines = fix_first(store, now - timedelta(days=days), now + timedelta(seconds=1))
    if as_json:
        print_json(
            {
                "days": days,
                "found": done.found,
                "left": done.left,
                "causes": [_described(one, settings.slack_api_url) for one in lines],
            }
        )
        return
    if not lines and not done.left:
        click.echo(f"Nothing came to a bad end in the last {days} days.")
    _print(lines, len(lines) if everything else _SHOWN, days, settings.slack_api_url)
    if done.left:
        click.echo(f"Not replayed yet: {done.left}. The next run goes on with them.")


def _run(settings: Settings, store: Store, days: int, most: int) -> Round:
    answers = make_answers(settings, store, utc_now, make_shared(settings, store))
    with progress_bar("Replaying") as bar:
        return find_causes(store, answers, utc_now() - timedelta(days=days), most, bar)


def _print(lines: Sequence[Line], shown: int, days: int, api_url: str) -> None:
    if lines:
        click.echo(f"{in_words(lines)} in the last {days} days. What to fix first:")
    for line in lines[:shown]:
        click.echo(f"{line.count:>4}  {TITLES[line.cause]}: {line.topic}")
        click.echo(f"      {line.lever}")
        for one in line.examples:
            url = message_url(api_url, one.channel, one.ts)
            click.echo(f"      - {one.case_id}: {one.attribution.evidence}{f'  {url}' if url else ''}")
    if len(lines) > shown:
        click.echo(f"{len(lines) - shown} more lines: aitl causes --most 0 --all")


def _described(line: Line, api_url: str) -> dict[str, Any]:
    return {
        "cause": line.cause,
        "topic": line.topic,
        "article_id": line.article_id or None,
        "count": line.count,
        "lever": line.lever,
        "examples": [_example(one, api_url) for one in line.examples],
    }


def _example(one: Listed, api_url: str) -> dict[str, Any]:
    said = one.attribution
    return {
        "case_id": one.case_id,
        "suggestion_id": said.suggestion_id,
        "outcome": said.outcome,
        "evidence": said.evidence,
        "version": said.version,
        "url": message_url(api_url, one.channel, one.ts),
    }
