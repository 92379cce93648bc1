"""Interactive elements, their limits, and the blocks in which each may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blockkit.objects import (
    ACTION_ID,
    CHOICE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    MENU_OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    URL,
    exactly_one,
    plain_text,
)
from bot.blockkit.report import Check, Report, Shape
from bot.blockkit.values import anything, array, boolean, number, one_of, pattern, string, whole_number

_PLACEHOLDER = plain_text(150)
_IDS = array(string(1))
_DATE = pattern(r"\d{4}-\d{2}-\d{2}")
_TIME = pattern(r"\d{2}:\d{2}")
_COMMON: dict[str, Check] = {"action_id": ACTION_ID, "focus_on_load": boolean}
_MENU: dict[str, Check] = {**_COMMON, "placeholder": _PLACEHOLDER, "confirm": CONFIRM}
_MANY: dict[str, Check] = {**_MENU, "max_selected_items": whole_number(1, 100)}
_ANSWERING: dict[str, Check] = {"response_url_enabled": boolean}
_WRITING: dict[str, Check] = {**_COMMON, "placeholder": _PLACEHOLDER, "dispatch_action_config": DISPATCH_CONFIG}


def _plain_text_input_rule(value: Mapping[str, Any], at: str, report: Report) -> None:
    longest = value.get("max_length", 3000)
    shortest = value.get("min_length", 0)
    initial = value.get("initial_value", "")
    if isinstance(longest, int) and isinstance(shortest, int) and shortest > longest:
        report.add(f"{at}/min_length", "maximum", longest)
    if isinstance(initial, str) and isinstance(longest, int) and len(initial) > longest:
        report.add(f"{at}/initial_value", "max_length", longest)


def _number_rule(value: Mapping[str, Any], at: str, report: Report) -> None:
    try:
        low, high = float(value.get("min_value", "-inf")), float(value.get("max_value", "inf"))
    except (TypeError, ValueError):
        report.add(at, "type", "number as string")
        return
    if low > high:
        report.add(f"{at}/min_value", "maximum", value["max_value"])


def _options_rule(value: Mapping[str, Any], at: str, report: Report) -> None:
    exactly_one("options", "option_groups")(value, at, report)
    _initial_is_offered(value, at, report)


def _initial_is_offered(value: Mapping[str, Any], at: str, report: Report) -> None:
    groups = [group for group in _items(value, "option_groups") if isinstance(group, Mapping)]
    offered = [*_items(value, "options"), *(option for group in groups for option in _items(group, "options"))]
    values = [option.get("value") for option in offered if isinstance(option, Mapping)]
    for twice in sorted({str(entry) for entry in values if values.count(entry) > 1}):
        report.add(f"{at}/options", "unique_value", twice)
    chosen = [value.get("initial_option"), *_items(value, "initial_options")]
    for option in chosen:
        if isinstance(option, Mapping) and option not in offered:
            report.add(f"{at}/initial_option", "one_of_options", values)


def _items(value: Mapping[str, Any], name: str) -> list[Any]:
    items = value.get(name)
    return list(items) if isinstance(items, list | tuple) else []


_BUTTON = Shape(
    {"text": plain_text(75)},
    {
        "action_id": ACTION_ID,
        "url": URL,
        "value": string(0, 2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(0, 75),
    },
)

_FEEDBACK_BUTTON = Shape({"text": plain_text(75), "value": string(1, 2000)}, {"accessibility_label": string(0, 75)})

_MENU_OPTIONS: dict[str, Check] = {
    "options": array(MENU_OPTION, 1, 100),
    "option_groups": array(OPTION_GROUP, 1, 100),
}

IMAGE_ELEMENT = Shape(
    {"alt_text": string(1, 2000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    rule=exactly_one("image_url", "slack_file"),
)

ELEMENTS: dict[str, Shape] = {
    "button": _BUTTON,
    "image": IMAGE_ELEMENT,
    "overflow": Shape(
        {"options": array(OVERFLOW_OPTION, 1, 5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}, _initial_is_offered
    ),
    "static_select": Shape({}, {**_MENU, **_MENU_OPTIONS, "initial_option": MENU_OPTION}, _options_rule),
    "multi_static_select": Shape(
        {}, {**_MANY, **_MENU_OPTIONS, "initial_options": array(MENU_OPTION, 1, 100)}, _options_rule
    ),
    "external_select": Shape({}, {**_MENU, "initial_option": MENU_OPTION, "min_query_length": whole_number(0, 100)}),
    "multi_external_select": Shape(
        {}, {**_MANY, "initial_options": array(MENU_OPTION, 1, 100), "min_query_length": whole_number(0, 100)}
    ),
    "users_select": Shape({}, {**_MENU, "initial_user": string(1)}),
    "multi_users_select": Shape({}, {**_MANY, "initial_users": _IDS}),
    "conversations_select": Shape(
        {},
        {
            **_MENU,
            **_ANSWERING,
            "initial_conversation": string(1),
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "multi_conversations_select": Shape(
        {},
        {
            **_MANY,
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "filter": CONVERSATION_FILTER,
        },
    ),
    "channels_select": Shape({}, {**_MENU, **_ANSWERING, "initial_channel": string(1)}),
    "multi_channels_select": Shape({}, {**_MANY, "initial_channels": _IDS}),
    "radio_buttons": Shape(
        {"options": array(CHOICE_OPTION, 1, 10)},
        {**_COMMON, "initial_option": CHOICE_OPTION, "confirm": CONFIRM},
        _initial_is_offered,
    ),
    "checkboxes": Shape(
        {"options": array(CHOICE_OPTION, 1, 10)},
        {**_COMMON, "initial_options": array(CHOICE_OPTION, 1, 10), "confirm": CONFIRM},
        _initial_is_offered,
    ),
    "datepicker": Shape({}, {**_MENU, "initial_date": _DATE}),
    "timepicker": Shape({}, {**_MENU, "initial_time": _TIME, "timezone": string(1)}),
    "datetimepicker": Shape({}, {**_COMMON, "confirm": CONFIRM, "initial_date_time": number}),
    "plain_text_input": Shape(
        {},
        {
            **_WRITING,
            "initial_value": string(0, 3000),
            "multiline": boolean,
            "min_length": whole_number(0, 3000),
            "max_length": whole_number(1, 3000),
        },
        _plain_text_input_rule,
    ),
    "email_text_input": Shape({}, {**_WRITING, "initial_value": string(0, 3000)}),
    "url_text_input": Shape({}, {**_WRITING, "initial_value": string(0, 3000)}),
    "number_input": Shape(
        {"is_decimal_allowed": boolean},
        {**_WRITING, "initial_value": string(1), "min_value": string(1), "max_value": string(1)},
        _number_rule,
    ),
    "rich_text_input": Shape({}, {**_WRITING, "initial_value": anything}),
    "file_input": Shape({}, {"action_id": ACTION_ID, "filetypes": _IDS, "max_files": whole_number(1, 10)}),
    "icon_button": Shape(
        {"icon": one_of("trash"), "text": plain_text(75)},
        {
            "action_id": ACTION_ID,
            "value": string(0, 2000),
            "confirm": CONFIRM,
            "accessibility_label": string(0, 75),
            "visible_to_user_ids": array(string(1), 0, 10),
        },
    ),
    "feedback_buttons": Shape(
        {"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}, {"action_id": ACTION_ID}
    ),
    "workflow_button": Shape(
        {"text": plain_text(75), "workflow": anything},
        {"action_id": ACTION_ID, "style": one_of("primary", "danger"), "accessibility_label": string(0, 75)},
    ),
}

_SELECTS = (
    *("static_select", "external_select", "users_select", "conversations_select", "channels_select"),
    *("multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select"),
    "multi_channels_select",
)
_CHOICES = ("radio_buttons", "checkboxes", "datepicker", "timepicker")

IN_SECTION = ("button", "image", "overflow", "workflow_button", *_SELECTS, *_CHOICES)
IN_ACTIONS = ("button", "overflow", "workflow_button", "datetimepicker", *_SELECTS, *_CHOICES)
IN_INPUT = (
    *("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input"),
    *("datetimepicker", *_SELECTS, *_CHOICES),
)
IN_CONTEXT_ACTIONS = ("feedback_buttons", "icon_button")
