"""The form to say what the knowledge base should have said."""

from __future__ import annotations

from bot import ids
from bot.blocks.elements import Block, input_block, modal, options, text_input
from bot.refs import ViewRef
from core.annotations import GapKind

KINDS: dict[GapKind, str] = {
    "missing": "It is not in the knowledge base",
    "exists_not_found": "It is there, but was not found",
}


def build_missing_knowledge(ref: ViewRef) -> Block:
    """The view."""
    return modal(
        ids.MISSING_KNOWLEDGE,
        "Knowledge is missing",
        "Report",
        ref.dumps(),
        [
            input_block("description", "What should it say?", text_input()),
            input_block("kind", "Which is it?", {"type": "radio_buttons", "options": options(KINDS.items())}),
            input_block("link", "Link to the article or source", {"type": "url_text_input"}, optional=True),
        ],
    )
