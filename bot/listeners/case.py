"""A root message in a case channel, by a full member or an allow-listed bot, is a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.desk import Desk, moment
from bot.listeners.place import may_post_in
from bot.message_text import message_text
from core.store.cases import REMOVED_TEXT
from core.values import Case, Turn

Event = Mapping[str, Any]


def author_of(event: Event) -> str:
    """The user, or for what a bot posted its bot id."""
    return str(event.get("bot_id") or event.get("user") or "")


def edited_at(message: Event) -> datetime | None:
    """When the words of a message were last changed, None where they are as first posted."""
    edited = message.get("edited")
    return moment(edited["ts"]) if edited else None


def open_from_root(event: Event, desk: Desk) -> None:
    """Open the case and have it drafted."""
    if not desk.is_watched(event["channel"]):
        return
    if not desk.permissions.allows_author("case", event):
        return
    text = message_text(event)
    if text and may_post_in(desk, event["channel"]):
        open_case(desk, event["channel"], event["ts"], author_of(event), text, edited_at(event))


def open_case(desk: Desk, channel: str, thread_ts: str, author: str, text: str, edited: datetime | None = None) -> Case:
    """The case of this thread, with its first draft asked for; asking twice changes nothing."""
    turn = Turn("customer", text, key=thread_ts, at=moment(thread_ts))
    with desk.together():
        case, _ = desk.store.cases.open(desk.identity.team_id, channel, thread_ts, author, turn, edited)
        desk.draft(case.id, 1)
    return case


def open_deleted(message: Event, desk: Desk) -> None:
    """The deletion of what would be a case came before the message: it opens nothing when it comes."""
    if not desk.is_watched(message["channel"]) or not desk.permissions.allows_author("case", message):
        return
    turn = Turn("customer", REMOVED_TEXT, key=message["ts"], at=moment(message["ts"]))
    where = (desk.identity.team_id, message["channel"], message["ts"])
    with desk.together():
        case, _ = desk.store.cases.open(*where, author_of(message), turn)
        desk.store.cases.withdraw(case.id)
