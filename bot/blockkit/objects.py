"""Composition objects: texts, options, confirmations, filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blockkit.report import Check, Report, Shape
from bot.blockkit.values import array, boolean, one_of, string, typed

BLOCK_ID = string(1, 255)
ACTION_ID = string(1, 255)
URL = string(1, 3000)


def plain_text(longest: int) -> Check:
    """A plain_text object of 1..longest characters."""
    return typed({"plain_text": _plain_shape(longest)})


def any_text(longest: int) -> Check:
    """A plain_text or mrkdwn object of 1..longest characters."""
    return typed({"plain_text": _plain_shape(longest), "mrkdwn": _mrkdwn_shape(longest)})


def _plain_shape(longest: int) -> Shape:
    return Shape({"text": string(1, longest)}, {"emoji": boolean})


def _mrkdwn_shape(longest: int) -> Shape:
    return Shape({"text": string(1, longest)}, {"verbatim": boolean})


CONFIRM = Shape(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": one_of("primary", "danger")},
)

# Menus take plain text only; radio buttons and checkboxes take mrkdwn too.
MENU_OPTION = Shape({"text": plain_text(75), "value": string(1, 150)}, {"description": plain_text(75)})
OVERFLOW_OPTION = Shape({"text": plain_text(75), "value": string(1, 150)}, {"description": plain_text(75), "url": URL})
CHOICE_OPTION = Shape({"text": any_text(75), "value": string(1, 150)}, {"description": any_text(75)})

OPTION_GROUP = Shape({"label": plain_text(75), "options": array(MENU_OPTION, 1, 100)})

CONVERSATION_FILTER = Shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 1),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)

DISPATCH_CONFIG = Shape({}, {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 1)})

SLACK_FILE = Shape({}, {"id": string(1), "url": URL})


def exactly_one(*names: str) -> Check:
    """A rule across fields: one of them is there, and only one."""

    def check_exactly_one(value: Mapping[str, Any], at: str, report: Report) -> None:
        if sum(name in value for name in names) != 1:
            report.add(at, "exactly_one_of", list(names))

    return check_exactly_one


def at_least_one(*names: str) -> Check:
    """A rule across fields: one of them is there, or several."""

    def check_at_least_one(value: Mapping[str, Any], at: str, report: Report) -> None:
        if not any(value.get(name) for name in names):
            report.add(at, "at_least_one_of", list(names))

    return check_at_least_one
