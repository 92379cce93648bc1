"""Weeks that a team has worked through already: cases with drafts, and what agents said about them, in the past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.feedback import Feedback
from core.redaction import redact
from core.store import Store
from core.values import Turn
from tests.conftest import a_suggestion, publish


def work_through(store: Store, where: tuple[str, str], until: datetime, weeks: list[tuple[int, int]]) -> None:
    """Fills the last weeks before `until`, the oldest first; each as (decisions, of these drafts sent).

    `where`: workspace and channel. Every second draft is sent without a change; every sixth refusal misses knowledge.
    """
    now = [until]
    past = Store(store.engine, lambda: now[0])
    feedback = Feedback(past, lambda: now[0], redact)
    publish(past, 1, 2, 3)  # what was sent rests on articles that are still there
    for back, (decided, sent) in zip(range(len(weeks), 0, -1), weeks, strict=True):
        for number in range(decided):
            now[0] = until - timedelta(days=7 * back) + timedelta(hours=1 + number)
            _work_on(past, feedback, where, now, number, is_sent=number < sent)


def _work_on(
    store: Store, feedback: Feedback, where: tuple[str, str], now: list[datetime], number: int, *, is_sent: bool
) -> None:
    team, channel = where
    ts = f"{now[0].timestamp():.6f}"
    turn = Turn("customer", "Where is my refund?", ts, now[0])
    case, _ = store.cases.open(team, channel, ts, "U_CUSTOMER", turn)
    suggestion = store.suggestions.add(a_suggestion(case, now[0]))
    now[0] += timedelta(seconds=4)
    store.suggestions.mark_posted(suggestion.id, channel, f"{ts}1", now[0])
    now[0] += timedelta(seconds=60 + number)
    agent, of = f"U_AGENT{number % 5}", suggestion.id
    feedback.mark(of, agent, 1, "helpful" if number % 4 else "irrelevant", "button", f"m{ts}")
    if is_sent and number % 2:
        feedback.adopt(of, agent, "a", "button", f"a{ts}")
    elif is_sent:
        final = "Hi! Refund rule number 1 applies. It takes five days."
        said: dict[str, Any] = {"reasons": ["incomplete"]} if number % 4 == 0 else {}
        feedback.adopt(of, agent, "a", "modal", f"a{ts}", final=final, **said)
    else:
        feedback.reject(of, agent, ["outdated"] if number % 3 else ["wrong_fact"], None, None, "modal", f"a{ts}")
        if number % 6 == 5:
            feedback.report_gap(of, agent, "Whether gift cards are paid out.", "missing", None, "modal", f"g{ts}")
