"""The form to edit a draft before it is sent."""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, input_block, modal, options, text_input
from bot.refs import ViewRef
from core.annotations import REASONS


def build_adoption(ref: ViewRef, draft: str) -> Block:
    """The view, filled with the draft's text without its [n] marks."""
    return modal(
        ids.ADOPTION,
        "Edit and send",
        "Send",
        ref.dumps(),
        [
            input_block("reply", "Reply", text_input(draft)),
            input_block("reasons", "What was wrong with the draft?", reasons_select(), optional=True),
            input_block("rationale", "In a sentence", text_input(multiline=False), optional=True),
        ],
    )


def reasons_select() -> Block:
    """The nine reasons, any number of them."""
    return {"type": "multi_static_select", "options": options(REASONS.items())}
