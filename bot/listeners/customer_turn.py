"""Later messages of the root's author are customer turns of the same case: each asks for a new revision."""

from __future__ import annotations

from bot.desk import Desk, moment
from bot.listeners.case import Event
from bot.message_text import message_text
from core.values import Case, Turn


def add_customer_turn(event: Event, case: Case, desk: Desk) -> None:
    """Add the turn and have the conversation drafted anew."""
    text = message_text(event)
    if not text or case.status == "withdrawn":
        return
    with desk.together():
        if desk.store.cases.add_turn(case.id, Turn("customer", text, key=event["ts"], at=moment(event["ts"]))):
            desk.draft(case.id, desk.store.suggestions.next_revision(case.id), because=event["ts"])


def edit_turn(case: Case, ts: str, text: str, because: str, desk: Desk) -> None:
    """A customer's message was edited: if its words changed, the conversation is drafted anew."""
    if case.status == "withdrawn" or not any(turn.key == ts and turn.role == "customer" for turn in case.turns):
        return
    with desk.together():
        if text and desk.store.cases.edit_turn(case.id, ts, text):
            desk.draft(case.id, desk.store.suggestions.next_revision(case.id), because=because)


def remove_turn(case: Case, ts: str, because: str, desk: Desk) -> None:
    """A message was deleted: the root takes the whole case along, a later one only what was drafted from it."""
    customer = any(turn.key == ts and turn.role == "customer" for turn in case.turns)
    with desk.together():
        desk.store.cases.remove_turn(case.id, ts)
        if ts == case.thread_ts:
            withdraw_case(case, desk)
        elif customer and case.status != "withdrawn":
            desk.draft(case.id, desk.store.suggestions.next_revision(case.id), because=because)


def withdraw_case(case: Case, desk: Desk) -> None:
    """The case teaches nothing, and its candidates are taken off the screen."""
    with desk.together():
        desk.store.cases.withdraw(case.id)
        for suggestion in desk.store.suggestions.of_case(case.id):
            desk.store.suggestions.retire(suggestion.id, "withdrawn")
            desk.refresh(suggestion.id)
