"""Layout blocks: their limits, and the surfaces on which each may stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blockkit.data import DATA_TABLE, DATA_VISUALIZATION, TABLE
from bot.blockkit.elements import (
    ELEMENTS,
    IMAGE_ELEMENT,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from bot.blockkit.objects import BLOCK_ID, SLACK_FILE, URL, any_text, at_least_one, exactly_one, plain_text
from bot.blockkit.report import Check, Report, Shape
from bot.blockkit.rich_text import RICH_TEXT
from bot.blockkit.values import anything, array, boolean, one_of, string, typed

_ID: dict[str, Check] = {"block_id": BLOCK_ID}
_CONTEXT_TEXT = 2000


def _context_element(value: Any, at: str, report: Report) -> None:
    if isinstance(value, Mapping) and value.get("type") == "image":
        IMAGE_ELEMENT(value, at, report)
    else:
        any_text(_CONTEXT_TEXT)(value, at, report)


_CARD = Shape(
    {},
    {
        **_ID,
        "title": any_text(150),
        "subtitle": any_text(150),
        "subtext": any_text(150),
        "body": any_text(200),
        "icon": IMAGE_ELEMENT,
        "hero_image": IMAGE_ELEMENT,
        "actions": array(typed(ELEMENTS, ("button",)), 1, 3),
    },
    at_least_one("title", "body", "hero_image", "actions"),
)

_CALL_FOR_VIDEO: dict[str, Check] = {
    "alt_text": string(1, 2000),
    "title": plain_text(200),
    "thumbnail_url": URL,
    "video_url": URL,
}

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {},
        {
            **_ID,
            "text": any_text(3000),
            "fields": array(any_text(2000), 1, 10),
            "accessory": typed(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        at_least_one("text", "fields"),
    ),
    "actions": Shape({"elements": array(typed(ELEMENTS, IN_ACTIONS), 1, 25)}, _ID),
    "context": Shape({"elements": array(_context_element, 1, 10)}, _ID),
    "context_actions": Shape({"elements": array(typed(ELEMENTS, IN_CONTEXT_ACTIONS), 1, 5)}, _ID),
    "divider": Shape({}, _ID),
    "header": Shape({"text": plain_text(150)}, _ID),
    "image": Shape(
        {"alt_text": string(1, 2000)},
        {**_ID, "image_url": URL, "slack_file": SLACK_FILE, "title": plain_text(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": Shape(
        {"label": plain_text(2000), "element": typed(ELEMENTS, IN_INPUT)},
        {**_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH_TEXT,
    "markdown": Shape({"text": string(1, 12_000)}, _ID),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "video": Shape(
        _CALL_FOR_VIDEO,
        {
            **_ID,
            "title_url": URL,
            "description": plain_text(200),
            "provider_name": string(0, 50),
            "provider_icon_url": URL,
            "author_name": string(0, 50),
        },
    ),
    "file": Shape({"external_id": string(1), "source": one_of("remote")}, _ID),
    "alert": Shape({"text": any_text(200)}, {**_ID, "level": anything, "style": anything, "icon": anything}),
    "card": _CARD,
    "carousel": Shape({"elements": array(typed({"card": _CARD}), 1, 10)}, _ID),
}

_EVERYWHERE = ("actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video")
_NOT_IN_MODALS = ("card", "carousel", "data_table", "data_visualization", "table")

ON_SURFACE: dict[str, tuple[str, ...]] = {
    "message": (*_EVERYWHERE, *_NOT_IN_MODALS, "markdown", "context_actions", "file"),
    "modal": (*_EVERYWHERE, "card", "alert"),
    "home": (*_EVERYWHERE, *_NOT_IN_MODALS),
}
