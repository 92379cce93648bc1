"""What an agent reads off a suggestion message: nothing but what is on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot import ids

_DRAFT = re.compile(r"^\*Draft ([AB])\*\n(.*)$", re.DOTALL)
_URL = re.compile(r"<(https?://[^|>]+)")
_MARK = re.compile(r"\[(\d)\]")


@dataclass(frozen=True, slots=True)
class Screen:
    """One suggestion message: two drafts by slot, the snippets' addresses by their number."""

    ts: str
    case_id: str
    revision: int
    drafts: Mapping[str, str]
    urls: Mapping[int, str]
    live: bool

    def cited(self, slot: str) -> list[str]:
        """The addresses that a draft cites."""
        numbers = {int(mark) for mark in _MARK.findall(self.drafts.get(slot, ""))}
        return [self.urls[n] for n in sorted(numbers) if n in self.urls]


def read_screen(message: Mapping[str, Any]) -> Screen | None:
    """The suggestion in this message; None where it is another kind of message."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != ids.SUGGESTION_EVENT:
        return None
    payload = metadata["event_payload"]
    drafts: dict[str, str] = {}
    urls: dict[int, str] = {}
    live = False
    for block in message.get("blocks", ()):
        text = (block.get("text") or {}).get("text", "") if block["type"] == "section" else ""
        if found := _DRAFT.match(text):
            drafts[found[1].lower()] = found[2]
        live = live or any(ids.USE_PATTERN.match(item.get("action_id", "")) for item in block.get("elements", ()))
        snippet = ids.RELEVANCE_PATTERN.match((block.get("accessory") or {}).get("action_id", ""))
        if snippet and (url := _URL.search(text)):
            urls[int(snippet[1])] = url[1]
    return Screen(message["ts"], payload["case_id"], payload["revision"], drafts, urls, live)
