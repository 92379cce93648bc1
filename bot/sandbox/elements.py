"""Interactive elements: finding one, what a choice in it looks like in a payload, and what Slack's window refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientError

Json = dict[str, Any]

REQUIRED = "Please complete this required field."

_SINGLE_ID = {
    "users_select": "user",
    "conversations_select": "conversation",
    "channels_select": "channel",
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
}
_MANY_IDS = {
    "multi_users_select": "users",
    "multi_conversations_select": "conversations",
    "multi_channels_select": "channels",
}
_ONE_OPTION = frozenset({"static_select", "external_select", "radio_buttons", "overflow"})
_MANY_OPTIONS = frozenset({"multi_static_select", "multi_external_select", "checkboxes"})
_TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_STATELESS = frozenset({"button", "overflow", "icon_button", "feedback_buttons", "workflow_button"})


@dataclass(frozen=True)
class Placed:
    """An element and the block it stands in."""

    block: Json
    element: Json

    @property
    def block_id(self) -> str:
        """The id of the block around it."""
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        """The element's own id."""
        return str(self.element["action_id"])

    @property
    def has_state(self) -> bool:
        """False for buttons and menus, which keep no value."""
        return self.element["type"] not in _STATELESS


def placed_elements(blocks: list[Json]) -> Iterator[Placed]:
    """Every interactive element of a message or view, in order."""
    for block in blocks:
        candidates = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        for element in candidates:
            if isinstance(element, dict) and "action_id" in element:
                yield Placed(block, element)


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> Placed:
    """The element with this action_id. Raises ClientError when it is not there, or there twice."""
    found = [
        placed
        for placed in placed_elements(blocks)
        if placed.action_id == action_id and block_id in (None, placed.block_id)
    ]
    if not found:
        present = ", ".join(placed.action_id for placed in placed_elements(blocks)) or "none"
        raise ClientError(f"There is no element {action_id!r} here; there are: {present}.", 404)
    if len(found) > 1:
        raise ClientError(f"There are {len(found)} elements {action_id!r} here; name the block_id.")
    return found[0]


def chosen(element: Json, value: Any) -> Json:
    """The part of a payload that says what was chosen or typed; `value` None means nothing.

    Raises ClientError when the element does not offer `value`.
    """
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"selected_option": None if value is None else _option(element, value)}
    if kind in _MANY_OPTIONS:
        return {"selected_options": [_option(element, item) for item in _as_list(value)]}
    if kind in _SINGLE_ID:
        return {f"selected_{_SINGLE_ID[kind]}": value}
    if kind in _MANY_IDS:
        return {f"selected_{_MANY_IDS[kind]}": _as_list(value)}
    if kind in _TEXT_INPUTS:
        return {"value": None if value in (None, "") else str(value)}
    if kind == "rich_text_input":
        return {"rich_text_value": value}
    if kind == "feedback_buttons":
        return _feedback(element, value)
    return {key: element[key] for key in ("value", "style", "text", "url") if key in element}


def initial(element: Json) -> Json:
    """What the element holds before anybody touched it."""
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"selected_option": element.get("initial_option")}
    if kind in _MANY_OPTIONS:
        return {"selected_options": list(element.get("initial_options", ()))}
    if kind in _SINGLE_ID:
        return {f"selected_{_SINGLE_ID[kind]}": element.get(f"initial_{_SINGLE_ID[kind]}")}
    if kind in _MANY_IDS:
        return {f"selected_{_MANY_IDS[kind]}": list(element.get(f"initial_{_MANY_IDS[kind]}", ()))}
    if kind == "rich_text_input":
        return {"rich_text_value": element.get("initial_value")}
    return {"value": element.get("initial_value")}


def refusal(placed: Placed, held: Json) -> str | None:
    """What Slack's window says about an input before it sends anything; None when it is fine."""
    if placed.block["type"] != "input":
        return None
    value = next(iter(held.values()), None)
    if value in (None, "", []):
        return None if placed.block.get("optional", False) else REQUIRED
    return _malformed(placed.element, value)


def _malformed(element: Json, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        return _wrong_length(element, value)
    if kind == "number_input":
        return _wrong_number(element, value)
    if kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://\S+", value, re.IGNORECASE):
        return "Please enter a valid URL."
    limit = element.get("max_selected_items")
    if limit is not None and isinstance(value, list) and len(value) > limit:
        return f"Please choose at most {limit}."
    return None


def _wrong_length(element: Json, value: str) -> str | None:
    shortest, longest = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < shortest:
        return f"Please enter at least {shortest} characters."
    if len(value) > longest:
        return f"Please enter at most {longest} characters."
    return None


def _wrong_number(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter at most {element['max_value']}."
    return None


def _option(element: Json, value: Any) -> Json:
    for option in _options(element):
        if option.get("value") == value:
            return option
    offered = ", ".join(str(option.get("value")) for option in _options(element))
    raise ClientError(f"{element.get('action_id')} does not offer {value!r}; it offers: {offered}.")


def _options(element: Json) -> list[Json]:
    groups = element.get("option_groups", ())
    return [*element.get("options", ()), *(option for group in groups for option in group["options"])]


def _feedback(element: Json, value: Any) -> Json:
    for side in ("positive_button", "negative_button"):
        if element[side].get("value") == value:
            return {"value": value, "text": element[side]["text"]}
    raise ClientError(f"{element.get('action_id')} has no button with the value {value!r}.")


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
