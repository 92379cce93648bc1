"""The reply as it stands in the thread: the text, who sent it, and for a minute the way back."""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import SECTION_MAX, Block, actions, button, context, section
from bot.mrkdwn import escape, escape_within, visible

UNDO_S = 60
# chat.update refuses a longer `text`; posting it cut would change what a relay reads, so only updates are cut.
UPDATE_TEXT_MAX = 4000


def build_reply(text: str, agent_id: str, reply_id: str, case_id: str, suggestion_id: str, can_undo: bool) -> Block:
    """`text`, `blocks` and `metadata` of a reply that an agent sent with one click.

    The top-level text is the reply alone, for a help-desk relay; the blocks name the agent.
    """
    blocks = [*_paragraphs(text), context(f"Sent by <@{agent_id}>")]
    if can_undo:
        blocks.append(actions([button(ids.UNDO, "Undo", reply_id)]))
    return {
        "text": escape(text),
        "blocks": blocks,
        "metadata": {
            "event_type": ids.REPLY_EVENT,
            "event_payload": {"case_id": case_id, "suggestion_id": suggestion_id},
        },
    }


def _paragraphs(text: str) -> list[Block]:
    """The whole text in sections of at most 3000 characters."""
    shown = visible(text)
    parts = [shown[at : at + SECTION_MAX] for at in range(0, len(shown), SECTION_MAX)]
    return [section(escape_within(part, SECTION_MAX)) for part in parts if part.strip()]
