"""The rich_text block: sections, lists, quotes and preformatted text made of small pieces."""

from __future__ import annotations

from bot.blockkit.objects import BLOCK_ID, URL
from bot.blockkit.report import Check, Shape
from bot.blockkit.values import anything, array, boolean, number, one_of, string, typed, whole_number

_STYLE = Shape(
    {},
    dict.fromkeys(
        ("bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"), boolean
    ),
)
_STYLED: dict[str, Check] = {"style": _STYLE}

_PIECES: dict[str, Shape] = {
    "text": Shape({"text": string(1)}, _STYLED),
    "link": Shape({"url": URL}, {**_STYLED, "text": string(0), "unsafe": boolean}),
    "user": Shape({"user_id": string(1)}, _STYLED),
    "usergroup": Shape({"usergroup_id": string(1)}, _STYLED),
    "channel": Shape({"channel_id": string(1)}, _STYLED),
    "team": Shape({"team_id": string(1)}, _STYLED),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, _STYLED),
    "emoji": Shape({"name": string(1)}, {**_STYLED, "unicode": string(1), "skin_tone": number}),
    "date": Shape({"timestamp": number, "format": string(1)}, {**_STYLED, "url": URL, "fallback": string(1)}),
    "color": Shape({"value": string(1)}, _STYLED),
}

_SECTION = Shape({"elements": array(typed(_PIECES))})
_FRAMED = Shape({"elements": array(typed(_PIECES))}, {"border": whole_number(0, 1), "language": anything})

_PARTS: dict[str, Shape] = {
    "rich_text_section": _SECTION,
    "rich_text_preformatted": _FRAMED,
    "rich_text_quote": _FRAMED,
    "rich_text_list": Shape(
        {"style": one_of("bullet", "ordered"), "elements": array(typed({"rich_text_section": _SECTION}), 1)},
        {"indent": whole_number(0, 8), "offset": whole_number(0, 1_000_000), "border": whole_number(0, 1)},
    ),
}

RICH_TEXT = Shape({"elements": array(typed(_PARTS), 1)}, {"block_id": BLOCK_ID})
