"""An agent's own message in a case's thread: kept as a reply, teaching only once an agent confirms it."""

from __future__ import annotations

from bot.desk import Desk, moment
from bot.listeners.case import Event, edited_at
from bot.message_text import message_text
from core.values import Case, Turn


def own_reply_key(channel: str, ts: str) -> str:
    """The annotation's key, from the message itself: a reaction on it finds it again."""
    return f"own_reply:{channel}:{ts}"


def add_own_reply(event: Event, case: Case, desk: Desk) -> None:
    """Store it as adoption `own_reply` and as the agent's turn of the conversation."""
    agent, text = event["user"], message_text(event)
    if not text or case.status == "withdrawn":
        return
    at = moment(event["ts"])
    with desk.together():
        turn = Turn("agent", text, key=event["ts"], at=at)
        if not desk.store.cases.add_turn(case.id, turn, edited_at(event)):
            return  # it is here already, or its deletion was faster
        desk.feedback.own_reply(case.id, agent, text, own_reply_key(event["channel"], event["ts"]), at=at)
    latest = desk.store.suggestions.latest(case.id)
    if latest is not None:
        desk.refresh(latest.id)
