"""What somebody sees who may not use a form."""

from __future__ import annotations

from bot.blocks.elements import Block, plain_text, section


def build_refusal(sentence: str) -> Block:
    """A modal that only says why; `sentence` is already escaped."""
    return {
        "type": "modal",
        "title": plain_text("Not possible"),
        "close": plain_text("Close"),
        "blocks": [section(sentence)],
    }
