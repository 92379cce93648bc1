"""A root message in a case channel, by a full member or an allow-listed bot, is a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desk import Desk, moment
from bot.listeners.place import may_post_in
from bot.message_text import message_text
from core.values import Case, Turn

Event = Mapping[str, Any]


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
