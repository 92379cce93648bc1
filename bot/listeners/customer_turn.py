"""What the customer's side says later: new turns, edits and deletions, and what each means for the drafts.

A new turn asks for a new revision, and so does an edit that says something else, as long as nobody has answered what
was edited: after the answer an edit only marks the drafts, and an agent decides. A deleted message takes back whatever
was drafted from it; a deleted root takes the whole case along. People write in bursts, so each change waits a moment
for the next one, and one draft is made for all of them.
"""

from __future__ import annotations

from datetime import datetime

from bot.desk import Desk, moment
from bot.listeners.case import Event, edited_at
from bot.listeners.said import is_answered
from bot.message_text import message_text
from core.values import Case, Turn

SETTLE_S = 2.0


def add_customer_turn(event: Event, case: Case, desk: Desk) -> None:
    """Add the turn and have the conversation drafted anew, also after an answer: the customer asks again."""
    text = message_text(event)
    if not text or case.status == "withdrawn":
        return
    turn = Turn("customer", text, key=event["ts"], at=moment(event["ts"]))
    with desk.together():
        if desk.store.cases.add_turn(case.id, turn, edited_at(event)):
            _draft_anew(case, event["ts"], desk)


def edit_turn(case: Case, ts: str, text: str, at: datetime, because: str, desk: Desk) -> None:
    """A message was edited. Tidied words (spelling of case, spacing, punctuation) ask for nothing."""
    turn = _turn(case, ts)
    if case.status == "withdrawn" or turn is None or not text:
        return
    with desk.together():
        if not desk.store.cases.edit_turn(case.id, ts, text, at) or turn.role != "customer":
            return
        if is_answered(desk, case, turn):
            _mark(case, desk)
        else:
            _draft_anew(case, because, desk)


def remove_turn(case: Case, ts: str, because: str, desk: Desk) -> None:
    """A message was deleted: the root takes the whole case along, a later one what was drafted from it."""
    turn = _turn(case, ts)
    with desk.together():
        desk.store.cases.remove_turn(case.id, ts)
        _take_back_what_was_drafted_from(ts, case, desk)
        if ts == case.thread_ts:
            withdraw_case(case, desk)
        elif case.status != "withdrawn" and turn is not None and _awaits_an_answer(turn, case, desk):
            _draft_anew(case, because, desk)


def withdraw_case(case: Case, desk: Desk) -> None:
    """The case teaches nothing, and its candidates are taken off the screen."""
    with desk.together():
        desk.store.cases.withdraw(case.id)
        for suggestion in desk.store.suggestions.of_case(case.id):
            _withdraw(suggestion.id, desk)


def _draft_anew(case: Case, because: str, desk: Desk) -> None:
    revision = desk.store.suggestions.next_revision(case.id)
    desk.draft(case.id, revision, because=because, settle_s=SETTLE_S)


def _awaits_an_answer(turn: Turn, case: Case, desk: Desk) -> bool:
    return turn.role == "customer" and not is_answered(desk, case, turn)


def _take_back_what_was_drafted_from(ts: str, case: Case, desk: Desk) -> None:
    """Whoever deletes a message takes its words back: no draft shows them, no table holds them, nothing learns."""
    drafted = [
        suggestion.id
        for suggestion in desk.store.suggestions.of_case(case.id)
        if any(turn.key == ts and turn.role == "customer" for turn in suggestion.turns)
    ]
    for suggestion_id in drafted:
        _withdraw(suggestion_id, desk)
    desk.store.forgetting.take_back(drafted)


def _withdraw(suggestion_id: str, desk: Desk) -> None:
    desk.store.suggestions.retire(suggestion_id, "withdrawn")
    desk.refresh(suggestion_id)


def _mark(case: Case, desk: Desk) -> None:
    """The newest drafts say from now on that they answer what was written before."""
    latest = desk.store.suggestions.latest(case.id)
    if latest is not None:
        desk.refresh(latest.id)


def _turn(case: Case, ts: str) -> Turn | None:
    return next((turn for turn in case.turns if turn.key == ts), None)
