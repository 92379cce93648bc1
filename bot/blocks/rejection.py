"""The form to turn both drafts down."""

from __future__ import annotations

from bot import ids
from bot.blocks.adoption import reasons_select
from bot.blocks.elements import Block, input_block, modal, text_input
from bot.refs import ViewRef

NO_REASON = "Choose at least one reason."


def build_rejection(ref: ViewRef) -> Block:
    """The view. We check `reasons` ourselves, to say it in our own words."""
    return modal(
        ids.REJECTION,
        "Neither draft",
        "Save",
        ref.dumps(),
        [
            input_block("reasons", "Why not? Choose at least one", reasons_select(), optional=True),
            input_block("rationale", "In a sentence", text_input(multiline=False), optional=True),
            input_block("reply", "What did you send instead?", text_input(), optional=True),
        ],
    )
