"""Every message event, sorted: a new case, a customer's turn, an agent's own reply, an edit, a deletion."""

from __future__ import annotations

from bot.desk import Desk
from bot.listeners.case import Event, author_of, open_from_root
from bot.listeners.customer_turn import add_customer_turn, edit_turn, remove_turn
from bot.listeners.own_reply import add_own_reply, own_reply_key
from bot.message_text import message_text
from core.store.records import Work
from core.values import Case

_POSTED = (None, "bot_message", "file_share", "thread_broadcast", "me_message")


def work_message(work: Work, desk: Desk) -> None:
    """What one message event asks for."""
    event = work.payload
    subtype = event.get("subtype")
    if subtype == "message_changed":
        _changed(work, event, desk)
    elif subtype == "message_deleted":
        _deleted(work, event["channel"], event.get("previous_message") or {"ts": event["deleted_ts"]}, desk)
    elif subtype in _POSTED:
        _posted(event, desk)


def _posted(event: Event, desk: Desk) -> None:
    thread_ts = event.get("thread_ts")
    if not thread_ts or thread_ts == event["ts"]:
        open_from_root(event, desk)
        return
    case = desk.store.cases.by_thread(desk.identity.team_id, event["channel"], thread_ts)
    if case is None:
        return
    if author_of(event) == case.author:
        if desk.permissions.allows_author("customer_turn", event):
            add_customer_turn(event, case, desk)
    elif not event.get("bot_id"):
        add_own_reply(event, case, desk)


def _changed(work: Work, event: Event, desk: Desk) -> None:
    message = event["message"]
    if message.get("subtype") == "tombstone":  # the root of a thread was deleted
        _deleted(work, event["channel"], message, desk)
        return
    case = _case_of(event["channel"], message, desk)
    text = message_text(message)
    # Slack also sends this when it adds a preview of a link: then the words are the same.
    if case is None or text == message_text(event.get("previous_message") or {}):
        return
    if desk.permissions.allows_author("edited_message", message):
        edit_turn(case, message["ts"], text, work.key, desk)


def _deleted(work: Work, channel: str, message: Event, desk: Desk) -> None:
    case = _case_of(channel, message, desk)
    if case is not None:
        remove_turn(case, message["ts"], work.key, desk)
        if desk.store.annotations.by_key(own_reply_key(channel, message["ts"])) is not None:
            desk.feedback.withdraw(own_reply_key(channel, message["ts"]))


def _case_of(channel: str, message: Event, desk: Desk) -> Case | None:
    root = message.get("thread_ts") or message["ts"]
    return desk.store.cases.by_thread(desk.identity.team_id, channel, root)
