"""The rich_text block that Slack adds to every message a person types."""

from __future__ import annotations

import re
from typing import Any

_PARTS = re.compile(
    r"<@(?P<user>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<#(?P<channel>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!subteam\^(?P<group>[A-Z0-9]+)(?:\|[^>]*)?>"
    r"|<!(?P<range>channel|here|everyone)(?:\|[^>]*)?>"
    r"|<(?P<url>[a-z]+:[^>|]+)(?:\|(?P<label>[^>]*))?>"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
)


def build_rich_text(text: str, block_id: str) -> dict[str, Any]:
    """One rich_text block that says the same as `text` in Slack's encoded form."""
    elements: list[dict[str, Any]] = []
    end = 0
    for found in _PARTS.finditer(text):
        elements += [*_plain(text[end : found.start()]), _element(found)]
        end = found.end()
    elements += _plain(text[end:])
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _plain(text: str) -> list[dict[str, Any]]:
    unescaped = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": unescaped}] if unescaped else []


def _element(found: re.Match[str]) -> dict[str, Any]:
    if found["user"]:
        return {"type": "user", "user_id": found["user"]}
    if found["channel"]:
        return {"type": "channel", "channel_id": found["channel"]}
    if found["group"]:
        return {"type": "usergroup", "usergroup_id": found["group"]}
    if found["range"]:
        return {"type": "broadcast", "range": found["range"]}
    if found["emoji"]:
        return {"type": "emoji", "name": found["emoji"]}
    link = {"type": "link", "url": found["url"].replace("&amp;", "&")}
    return {**link, "text": found["label"]} if found["label"] else link
