"""Every message event, sorted: a new case, a customer's turn, an agent's own reply, an edit, a deletion.

Events of one moment arrive in any order, and one that was not acknowledged comes minutes later. So an edit of a
message that is not here yet stands for the message, a deletion leaves its mark, and a reply waits for its root.
"""

from __future__ import annotations

from bot.desk import Desk, moment
from bot.errors import NotYet
from bot.listeners.case import Event, author_of, edited_at, open_deleted, open_from_root
from bot.listeners.customer_turn import add_customer_turn, edit_turn, remove_turn
from bot.listeners.own_reply import add_own_reply, own_reply_key
from bot.message_text import message_text
from core.store.inbox import MAX_ATTEMPTS
from core.store.records import Work
from core.values import Case

POSTED = (None, "bot_message", "file_share", "thread_broadcast", "me_message")
# Slack tries to deliver an event for about six minutes: what is older than that was never to become a case.
MAY_COME_LATE_S = 400.0


def work_message(work: Work, desk: Desk) -> None:
    """What one message event asks for."""
    event = work.payload
    subtype = event.get("subtype")
    if subtype == "message_changed":
        _changed(work, event, desk)
    elif subtype == "message_deleted":
        _deleted(work, event.get("previous_message") or {"ts": event["deleted_ts"]}, desk)
    elif subtype in POSTED:
        _posted(work, event, desk)


def _posted(work: Work, message: Event, desk: Desk) -> None:
    message = {**message, "channel": work.payload["channel"]}
    if _is_root(message):
        open_from_root(message, desk)
        return
    case = _case_of(work, message, desk)
    if case is None:
        return
    if author_of(message) == case.author:
        if desk.permissions.allows_author("customer_turn", message):
            add_customer_turn(message, case, desk)
    elif desk.permissions.allows_author("own_reply", message):
        add_own_reply(message, case, desk)


def _changed(work: Work, event: Event, desk: Desk) -> None:
    message, before = event["message"], event.get("previous_message") or {}
    if message.get("subtype") == "tombstone":  # the root of a thread was deleted
        _deleted(work, {**before, "ts": message["ts"]}, desk)
        return
    text = message_text(message)
    # Slack also sends this when it adds a preview of a link: then the words are the same.
    if text == message_text(before):
        return
    case = _case_of(work, message, desk)
    if case is not None and desk.store.cases.has_turn(case.id, message["ts"]):
        if desk.permissions.allows_author("edited_message", message):
            at = edited_at(message) or moment(event["event_ts"])
            edit_turn(case, message["ts"], text, at, work.key, desk)
    elif _is_recent(work, message):
        _posted(work, message, desk)


def _deleted(work: Work, message: Event, desk: Desk) -> None:
    channel = work.payload["channel"]
    case = _case_of(work, message, desk)
    if case is None:
        if _is_root(message) and _is_recent(work, message):
            open_deleted({**message, "channel": channel}, desk)
        return
    remove_turn(case, message["ts"], work.key, desk)
    if desk.store.annotations.by_key(own_reply_key(channel, message["ts"])) is not None:
        desk.feedback.withdraw(own_reply_key(channel, message["ts"]))


def _case_of(work: Work, message: Event, desk: Desk) -> Case | None:
    """The case of the message's thread. Raises NotYet while its root may still be on its way."""
    channel, root = work.payload["channel"], message.get("thread_ts") or message["ts"]
    case = desk.store.cases.by_thread(desk.identity.team_id, channel, root)
    may_come = not _is_root(message) and _is_recent(work, {"ts": root}) and desk.is_watched(channel)
    if case is None and may_come and work.attempts < MAX_ATTEMPTS:
        raise NotYet("a reply whose thread is no case, perhaps not yet")
    return case


def _is_root(message: Event) -> bool:
    return message.get("thread_ts") in (None, "", message["ts"])


def _is_recent(work: Work, message: Event) -> bool:
    """Whether the event of its posting may come later than this one."""
    now = work.payload.get("event_ts") or work.payload["ts"]
    return float(now) - float(message["ts"]) < MAY_COME_LATE_S
