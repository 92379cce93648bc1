"""What the customer has said so far, and whether drafts or a reply answer it."""

from __future__ import annotations

from bot.desk import Desk
from core.values import Case, Suggestion, Turn
from core.words import wording


def has_said(conversation: Case | Suggestion) -> list[tuple[str, str]]:
    """What the customer has said, by message: an agent's word changes no draft, nor do tidied or removed words."""
    return [(turn.key, wording(turn.text)) for turn in conversation.turns if turn.role == "customer" and turn.text]


def is_current(desk: Desk, suggestion: Suggestion, case: Case) -> bool:
    """Whether it answers what the customer says now and has not been taken back."""
    return has_said(suggestion) == has_said(case) and desk.store.suggestions.state(suggestion.id) != "withdrawn"


def is_answered(desk: Desk, case: Case, turn: Turn) -> bool:
    """Whether a reply was sent after this turn: one that is still on its way answers everything so far."""
    if case.status != "answered":
        return False
    sent = [reply for reply in desk.store.replies.of_case(case.id) if reply.state != "undone"]
    return any(reply.posted_at is None or turn.at is None or reply.posted_at >= turn.at for reply in sent)


def lacks_drafts(desk: Desk, case: Case) -> bool:
    """Whether the customer waits for an answer, and no drafts of one stand in the thread."""
    last = next((turn for turn in reversed(case.turns) if turn.role == "customer"), None)
    if case.status == "withdrawn" or last is None or is_answered(desk, case, last):
        return False
    latest = desk.store.suggestions.latest(case.id)
    return latest is None or not is_current(desk, latest, case) or desk.store.suggestions.posted(latest.id) is None
