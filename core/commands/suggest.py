"""`aitl suggest "TEXT"`"""

from __future__ import annotations

import time
from typing import Any

import click

from core.bootstrap import make_champion, open_store
from core.clock import utc_now
from core.commands.options import json_option, print_json
from core.program import Program
from core.settings import Settings
from core.terminal import print_suggestion
from core.values import Case, RankedSnippet, Suggestion, Turn


@click.command()
@click.argument("text")
@json_option
@click.pass_context
def suggest(ctx: click.Context, text: str, as_json: bool) -> None:
    """Draft two cited replies for one case; TEXT is what the customer wrote. Stores nothing."""
    program: Program = ctx.obj
    if not text.strip():
        raise click.UsageError("TEXT is blank; give what the customer wrote.")
    started = time.perf_counter()
    suggestion = _suggested(program.settings(), text)
    seconds = time.perf_counter() - started
    if as_json:
        print_json(_as_json(suggestion, seconds))
    else:
        print_suggestion(suggestion, seconds)


def _suggested(settings: Settings, text: str) -> Suggestion:
    now = utc_now()
    case = Case(
        id="case_on_the_terminal",
        team="",
        channel="",
        thread_ts="",
        author="",
        turns=(Turn("customer", text),),
        status="open",
        created_at=now,
    )
    with open_store(settings) as store:
        return make_champion(settings, store, utc_now).suggest(case, revision=1)


def _as_json(suggestion: Suggestion, seconds: float) -> dict[str, Any]:
    return {
        "candidates": [
            {
                "slot": candidate.slot,
                "text": candidate.text,
                "citations": list(candidate.citations),
                "style": candidate.style,
                "source": candidate.source,
                "supported": candidate.report.supported,
            }
            for candidate in suggestion.candidates
        ],
        "snippets": [_snippet(ranked) for ranked in suggestion.shown],
        "similar": [{"case_id": case.case_id, "similarity": case.similarity} for case in suggestion.similar],
        "query": suggestion.query,
        "notice": suggestion.notice,
        "timings_s": dict(suggestion.timings_s),
        "seconds": round(seconds, 3),
    }


def _snippet(ranked: RankedSnippet) -> dict[str, Any]:
    snippet = ranked.snippet
    return {
        "n": ranked.rank,
        "id": snippet.id,
        "title": snippet.title,
        "section": snippet.section,
        "url": snippet.url,
        "text": snippet.text,
        "score": round(ranked.score, 4),
    }
