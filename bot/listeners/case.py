"""A root message in a case channel, by a full member or an allow-listed bot, is a case."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from typing import Any

from bot.desk import Desk, moment
from bot.message_text import message_text
from core.values import Case, Turn

log = logging.getLogger("aitl.bot")

Event = Mapping[str, Any]
OUTSIDERS = "A guest or somebody from another workspace can read this channel, so I post nothing here."


def author_of(event: Event) -> str:
    """The user, or for what a bot posted its bot id."""
    return str(event.get("bot_id") or event.get("user") or "")


def open_from_root(event: Event, desk: Desk) -> None:
    """Open the case and have it drafted."""
    if not desk.is_watched(event["channel"]):
        return
    if not desk.permissions.allows_author("case", event):
        return
    text = message_text(event)
    if text and may_post_in(desk, event["channel"]):
        open_case(desk, event["channel"], event["ts"], author_of(event), text)


def open_case(desk: Desk, channel: str, thread_ts: str, author: str, text: str) -> Case:
    """The case of this thread, with its first draft asked for; asking twice changes nothing."""
    turn = Turn("customer", text, key=thread_ts, at=moment(thread_ts))
    with desk.together():
        case, _ = desk.store.cases.open(desk.identity.team_id, channel, thread_ts, author, turn)
        desk.draft(case.id, 1)
    return case


def may_post_in(desk: Desk, channel: str) -> bool:
    """False where somebody from outside could read snippets; the leads are told why, once per circumstance."""
    outsiders = desk.people.outsiders(channel)
    if not outsiders:
        return True
    who = "it is shared with another workspace" if outsiders == ("shared",) else f"{_named(outsiders)} can read it"
    sentence = (
        f"I post no drafts in <#{channel}>: {who}, and guests and people from other workspaces must not see "
        "snippets of your knowledge base. Remove them from the channel, or use another one for cases."
    )
    log.warning("no drafts in %s: outsiders %s", channel, ", ".join(outsiders))
    if desk.settings.leads_channel:
        digest = hashlib.sha256(" ".join(outsiders).encode()).hexdigest()[:12]
        desk.send(
            f"outsiders:{channel}:{digest}",
            "chat.postMessage",
            {"channel": desk.settings.leads_channel, "text": sentence},
            purpose="notice",
        )
    return False


def _named(outsiders: tuple[str, ...]) -> str:
    more = f" and {len(outsiders) - 3} more" if len(outsiders) > 3 else ""
    return ", ".join(f"<@{user}>" for user in outsiders[:3]) + more
