"""What Slack fills in when it keeps blocks: missing block and action ids, and the defaults of text objects."""

from __future__ import annotations

from typing import Any

from bot.sandbox.ids import Ids
from bot.sandbox.text import encode_links

_SELECTED = ("static", "external", "users", "conversations", "channels")
_INTERACTIVE = frozenset(
    (
        *(f"{kind}_select" for kind in _SELECTED),
        *(f"multi_{kind}_select" for kind in _SELECTED),
        *(f"{kind}_input" for kind in ("plain_text", "email_text", "url_text", "number", "rich_text", "file")),
        *("button", "icon_button", "feedback_buttons", "workflow_button", "overflow", "radio_buttons", "checkboxes"),
        *("datepicker", "timepicker", "datetimepicker"),
    )
)


def fill_in_blocks(blocks: list[dict[str, Any]], ids: Ids) -> list[dict[str, Any]]:
    """A copy of the blocks as Slack gives them back."""
    return [{**_fill_in(block, ids), "block_id": block.get("block_id") or ids.secret(5)} for block in blocks]


def _fill_in(value: Any, ids: Ids) -> Any:
    if isinstance(value, list):
        return [_fill_in(item, ids) for item in value]
    if not isinstance(value, dict):
        return value
    filled = {key: _fill_in(item, ids) for key, item in value.items()}
    kind = filled.get("type")
    if kind == "plain_text":
        filled.setdefault("emoji", True)
    elif kind == "mrkdwn":
        if not filled.setdefault("verbatim", False):
            filled["text"] = encode_links(filled["text"])
    elif kind in _INTERACTIVE:
        filled.setdefault("action_id", ids.secret(5))
    return filled
