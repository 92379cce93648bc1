"""Short private answers, each one sentence, some with one button."""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, actions, button, section


def build_note(sentence: str) -> Block:
    """`text` and `blocks`; `sentence` is already escaped."""
    return {"text": sentence, "blocks": [section(sentence)]}


def build_send_anyway(answered_by: str | None, held_id: str) -> Block:
    """Somebody was first: nothing is sent twice without being asked."""
    who = f"<@{answered_by}>" if answered_by else "somebody"
    return _with_button(
        f"This case was already answered by {who} — send anyway?",
        button(ids.SEND_ANYWAY, "Send anyway", held_id),
    )


def build_gap_question(suggestion_id: str) -> Block:
    """After the reaction that says knowledge is missing."""
    return _with_button(
        "What should the knowledge base have said?", button(ids.REPORT_GAP, "Knowledge is missing", suggestion_id)
    )


def build_neither_question(suggestion_id: str) -> Block:
    """After the reaction that turns both drafts down."""
    return _with_button(
        "Noted: neither draft. A reason makes it teach more.", button(ids.NEITHER, "Say why", suggestion_id)
    )


def build_failed_draft(sentence: str, case_id: str) -> Block:
    """In the thread: drafting did not work, and how to have another go."""
    return _with_button(sentence, button(ids.AGAIN, "Try again", case_id))


def _with_button(sentence: str, control: Block) -> Block:
    return {"text": sentence, "blocks": [section(sentence), actions([control])]}
