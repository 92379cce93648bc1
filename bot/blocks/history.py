"""Retrainings and versions in Slack: which version answered when, and what the gate said of the last runs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks.retraining import moment_in_words
from bot.mrkdwn import escape_within
from core.metrics.summary import day_in_words
from core.registry.cycle import Cycle
from core.registry.timeline import Served

SPANS = 4  # the last ones of a timeline
_REASON_MAX = 400


def timeline_in_words(served: Sequence[Served]) -> str:
    """`version 0 → version 3 (2 May 2026) → *version 4 (12 May 2026)*`, the newest last; mrkdwn."""
    shown = served[-SPANS:]
    words = [_span(one) for one in shown]
    return " → ".join([*(["…"] if len(shown) < len(served) else []), *words[:-1], f"*{words[-1]}*"])


def cycle_in_words(cycle: Cycle) -> str:
    """When, what came of it, and the gate's sentence; mrkdwn."""
    if cycle.finished_at is None:
        return f"{moment_in_words(cycle.started_at)} · under way"
    version = cycle.outcome.get("version")
    made = f" · version {version}" if version is not None else ""
    said = escape_within(str(cycle.outcome.get("reason") or ""), _REASON_MAX)
    return f"{moment_in_words(cycle.finished_at)}{made} · {said or cycle.ending or 'over'}"


def _span(one: Served) -> str:
    return f"version {one.version}" + ("" if one.since is None else f" ({day_in_words(one.since)})")
