"""Which candidate the agent prefers, and by how much."""

from __future__ import annotations

from bot.blocks.notes import build_note
from bot.desk import Desk, moment_of
from core.store.records import Work

SAID = {
    "a3": "A is much better",
    "a2": "A is better",
    "a1": "A is slightly better",
    "tie": "both are the same",
    "b1": "B is slightly better",
    "b2": "B is better",
    "b3": "B is much better",
}


def work_preference(work: Work, desk: Desk) -> None:
    """Record the choice; only this agent is told which way it went."""
    click = work.payload
    desk.permissions.require("preference", click["user"])
    choice = click["action_id"].removeprefix("preference.")
    desk.feedback.prefer(click["value"], click["user"], choice, "button", work.key, at=moment_of(work))
    desk.refresh(click["value"])
    note = build_note(f"Noted: {SAID[choice]}.")
    desk.tell(work.key, click["user"], click["channel"], note, click["thread_ts"])
