"""What Slack fills in when it keeps blocks: missing block and action ids, and the defaults of text objects."""

from __future__ import annotations

from typing import Any

from bot.sandbox.ids import Ids
from bot.sandbox.text import encode_links

_INTERACTIVE = frozenset(
    "button overflow static_select external_select users_select conversations_select channels_select "
    "multi_static_select multi_external_select multi_users_select multi_conversations_select multi_channels_select "
    "radio_buttons checkboxes datepicker timepicker datetimepicker plain_text_input email_text_input url_text_input "
    "number_input rich_text_input file_input icon_button feedback_buttons workflow_button".split()
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
