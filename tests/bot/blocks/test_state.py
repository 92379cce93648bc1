"""The state line tells everybody who and what, and which way only when the case is closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.blocks.state import build_state
from core.annotations import Adoption, Preference, Relevance
from core.feedback_state import FeedbackState
from core.replies import Reply

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def shared(agent: str, key: str) -> dict[str, Any]:
    return {
        "id": f"ann_{key}", "key": key, "case_id": "case_1", "suggestion_id": "sug_1", "agent_id": agent,
        "created_at": NOW, "latency_s": 2.0, "source": "button",
    }  # fmt: skip


STATE = FeedbackState(
    suggestion_id="sug_1",
    suggestion_state="live",
    case_id="case_1",
    case_status="open",
    answered_by=None,
    annotated={"U1": ("preference", "relevance"), "U2": ("adoption",)},
    open_kinds=("gap",),
    sent=(Reply("reply_1", "case_1", "sug_1", "k3", "U2", "words"),),
    closed=False,
    annotations=(
        Preference(chosen_slot="a", strength=3, **shared("U1", "k1")),
        Relevance(snippet_id="s2", n=2, label="outdated", cited=False, **shared("U1", "k2")),
        Adoption(decision="edited", slot="b", draft="x", final="y", **shared("U2", "k3")),
    ),
)


def test_an_open_case_shows_who_and_what_but_not_which_way() -> None:
    assert build_state(STATE) == (
        "Feedback: <@U1> (preference, snippets), <@U2> (reply)  ·  Open: missing knowledge  ·  "
        "Sent: draft B, edited by <@U2>"
    )


def test_a_closed_case_shows_which_way_too() -> None:
    assert build_state(replace(STATE, closed=True)) == (
        "Feedback: <@U1> (A much better, [2] outdated), <@U2> (sent B edited)  ·  Open: missing knowledge  ·  "
        "Sent: draft B, edited by <@U2>"
    )


def test_many_agents_are_counted() -> None:
    crowd = {f"U{n}": ("preference",) for n in range(20)}

    line = build_state(replace(STATE, annotated=crowd, sent=()))  # type: ignore[arg-type]

    assert "and 14 more" in line
    assert len(line) < 700
