"""The form to paste a customer's question, and the root message it becomes."""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, context, input_block, modal, section, text_input
from bot.mrkdwn import escape, escape_within, visible


def build_new_case(channel: str | None) -> Block:
    """The view; `channel` is chosen beforehand where there is one to suggest."""
    select: Block = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel:
        select["initial_conversation"] = channel
    return modal(
        ids.NEW_CASE,
        "New case",
        "Post",
        "",
        [
            input_block("channel", "Channel", select),
            input_block("text", "What does the customer ask?", text_input()),
        ],
    )


def build_case_post(text: str, agent_id: str) -> Block:
    """`text` and `blocks` of the root message."""
    shown = visible(text)
    parts = [escape_within(shown[at : at + 3000], 3000) for at in range(0, len(shown), 3000)]
    blocks = [section(part) for part in parts if part.strip()]
    return {"text": escape(text), "blocks": [*blocks, context(f"Case pasted by <@{agent_id}>")]}
