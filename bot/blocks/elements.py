"""The few Block Kit elements that our messages and views are made of, and how long their text is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.mrkdwn import shorten, visible

Block = dict[str, Any]
LinkTo = Callable[[str, str], str]  # the address of a message, by channel and ts; "" where there is none

SECTION_MAX = 3000


def mrkdwn(text: str) -> Block:
    """A text object. `verbatim` keeps bare addresses and #names from becoming live."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str) -> Block:
    """A text object without any markup."""
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """One paragraph, with at most one control beside it. `text` is already escaped, 1..3000 characters."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if block_id:
        block["block_id"] = block_id
    if accessory:
        block["accessory"] = accessory
    return block


def header(text: str) -> Block:
    """A large line of plain text, 1..150 characters."""
    return {"type": "header", "text": plain_text(shorten(text, 150))}


def context(*texts: str) -> Block:
    """Small print. `texts` are already escaped."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts]}


def divider() -> Block:
    """A thin line."""
    return {"type": "divider"}


def actions(buttons: Sequence[Block]) -> Block:
    """A row of at most 25 buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(action_id: str, text: str, value: str, style: str | None = None) -> Block:
    """A button; `value` is an opaque id."""
    block: Block = {"type": "button", "action_id": action_id, "text": plain_text(text), "value": value}
    if style:
        block["style"] = style
    return block


def option(value: str, text: str) -> Block:
    """One choice of a menu."""
    return {"text": plain_text(shorten(visible(text), 75)), "value": value}


def options(choices: Iterable[tuple[str, str]]) -> list[Block]:
    """Choices of a menu: (value, words) each."""
    return [option(value, text) for value, text in choices]


def input_block(name: str, label: str, element: Block, optional: bool = False, hint: str | None = None) -> Block:
    """A form field whose block id and action id are both `name`."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain_text(label),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint)
    return block


def text_input(initial: str = "", multiline: bool = True, placeholder: str | None = None) -> Block:
    """A text field of up to 3000 characters."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": 3000}
    if initial:
        element["initial_value"] = visible(initial)[:3000]
    if placeholder:
        element["placeholder"] = plain_text(placeholder)
    return element


def modal(callback_id: str, title: str, submit: str, private_metadata: str, blocks: Sequence[Block]) -> Block:
    """A form. Title and submit have at most 24 characters."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title),
        "submit": plain_text(submit),
        "close": plain_text("Cancel"),
        "private_metadata": private_metadata,
        "blocks": list(blocks),
    }


def salt_of(*parts: object) -> str:
    """A short mark that changes with what is rendered: Slack wants new block ids on every update."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()[:6]
