"""From an outbox row to the call that is true at the moment of sending, and what its answer changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import ids, news
from bot.blocks.elements import Block
from bot.blocks.reply import UNDO_S, UPDATE_TEXT_MAX, build_reply
from bot.blocks.state import build_state
from bot.blocks.suggestion import MessageState, build_suggestion
from bot.calls import POST_QUIETLY, UPDATE_QUIETLY, Call, digest
from bot.desk import Desk, moment
from bot.gap_news import (
    gap_sent,
    render_asked_again,
    render_direct,
    render_gap,
    render_now_found,
    render_now_there,
    render_who_asked,
)
from bot.listeners.audit import render_audit
from bot.listeners.case import open_case
from bot.listeners.held import render_held
from bot.listeners.place import is_read_from_outside
from bot.listeners.said import has_said
from bot.mrkdwn import shorten
from bot.retraining import (
    render_leads_notice,
    render_report,
    render_retraining,
    render_retraining_update,
    retraining_sent,
)
from bot.weekly_digest import PURPOSE as WEEKLY_DIGEST
from bot.weekly_digest import render_digest
from core import gap_news
from core.judge.sampling import AUDIT, HELD
from core.store import retrainings
from core.store.cases import REMOVED_TEXT
from core.store.outbox import LEADS_NOTICE
from core.store.records import Sending
from core.values import Case

CASE_TEXT = "case_text"


def nothing_to_do(sending: Sending, desk: Desk, call: Call, response: Mapping[str, Any]) -> None:
    """Most answers change nothing on our side."""


def nothing_lost(sending: Sending, desk: Desk) -> None:
    """Most calls leave nothing to put right when there is no place for them any more."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """`render` gives None where nothing is to be sent any more; `sent` runs once Slack has it, perhaps twice.

    `lost` runs where the thread, the channel or the person it was meant for is gone.
    """

    render: Callable[[Sending, Desk], Call | None]
    sent: Callable[[Sending, Desk, Call, Mapping[str, Any]], None] = nothing_to_do
    lost: Callable[[Sending, Desk], None] = nothing_lost


def render_as_stored(sending: Sending, desk: Desk) -> Call:
    """The row says it all; a post carries a mark by which we know it again."""
    if sending.method != "chat.postMessage":
        return Call(sending.method, sending.arguments)
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(sending.key)}}
    return Call(sending.method, {"metadata": mark, **POST_QUIETLY, **sending.arguments})


def render_news(sending: Sending, desk: Desk) -> Call | None:
    """None for whoever has switched it off meanwhile or is no agent any more.

    What may have been sent is not sent again: we cannot look into somebody's messages.
    """
    agent = sending.subject
    if sending.unknown_outcome or not desk.store.told.wants_news(desk.identity.team_id, agent):
        return None
    until = news.quiet_until(desk, agent)
    if until is not None:  # it waited, while we were stopped or Slack was away
        desk.send(
            f"{sending.key}:later",
            sending.method,
            sending.arguments,
            purpose=sending.purpose,
            subject=agent,
            not_before=until,
        )
        return None
    return render_as_stored(sending, desk) if "agent" in desk.people.standings(agent) else None


def render_suggestion(sending: Sending, desk: Desk) -> Call | None:
    """The message as it is first posted; None if it was replaced or withdrawn before, or stands already."""
    if desk.store.suggestions.state(sending.subject) != "pending":
        return None
    case = desk.store.cases.get(desk.store.suggestions.get(sending.subject).case_id)
    where = {"channel": case.channel, "thread_ts": case.thread_ts}
    return Call("chat.postMessage", {**where, **POST_QUIETLY, **_message(sending.subject, desk)})


def suggestion_sent(sending: Sending, desk: Desk, call: Call, response: Mapping[str, Any]) -> None:
    """It stands in Slack: from now on it can be clicked, and latencies are counted."""
    ts = str(response["ts"])
    desk.store.suggestions.mark_posted(sending.subject, call.channel, ts, moment(ts))


def render_suggestion_update(sending: Sending, desk: Desk) -> Call | None:
    """The message as it is now; None if it was never posted, or has words that only Slack still has."""
    posted = desk.store.suggestions.posted(sending.subject)
    if posted is None or desk.store.suggestions.state(sending.subject) == "forgotten":
        return None
    where = {"channel": posted.channel, "ts": posted.ts}
    return Call("chat.update", {**where, **UPDATE_QUIETLY, **_message(sending.subject, desk)})


def render_reply(sending: Sending, desk: Desk) -> Call | None:
    """The reply with its undo button; None if it was undone before it went out, or stands already."""
    reply = desk.store.replies.by_key(sending.subject)
    if reply is None or reply.state != "pending":
        return None
    case = desk.store.cases.get(reply.case_id)
    where = {"channel": case.channel, "thread_ts": case.thread_ts}
    message = build_reply(reply.text, reply.agent_id, reply.id, case.id, reply.suggestion_id or "", can_undo=True)
    return Call("chat.postMessage", {**where, **POST_QUIETLY, **message})


def reply_sent(sending: Sending, desk: Desk, call: Call, response: Mapping[str, Any]) -> None:
    """After its minute the reply loses the button. Its words are kept here until then: the store redacts them now."""
    ts = str(response["ts"])
    settled = {
        "channel": call.channel,
        "ts": ts,
        "text": shorten(call.arguments["text"], UPDATE_TEXT_MAX),
        "blocks": [block for block in call.arguments["blocks"] if block["type"] != "actions"],
        "metadata": call.arguments["metadata"],
        **UPDATE_QUIETLY,
    }
    with desk.together():
        desk.send(
            f"settle:{sending.key}",
            "chat.update",
            settled,
            purpose="settle",
            subject=sending.subject,
            order_key=f"settle:{sending.order_key}",
            not_before=moment(ts) + timedelta(seconds=UNDO_S),
        )
        desk.store.replies.mark_posted(sending.subject, call.channel, ts, moment(ts))


def reply_lost(sending: Sending, desk: Desk) -> None:
    """The customer never got it: the case is not answered. Which draft the agent chose still teaches."""
    reply = desk.store.replies.mark_undone(sending.subject)
    desk.store.cases.reopen(reply.case_id, sending.subject)


def render_settled(sending: Sending, desk: Desk) -> Call | None:
    """None for a reply that was undone: its message is gone."""
    reply = desk.store.replies.by_key(sending.subject)
    return None if reply is None or reply.state == "undone" else Call("chat.update", sending.arguments)


def render_case_root(sending: Sending, desk: Desk) -> Call:
    """A pasted case; the words by themselves are only for us."""
    call = render_as_stored(sending, desk)
    return Call(call.method, {name: value for name, value in call.arguments.items() if name != CASE_TEXT})


def case_root_sent(sending: Sending, desk: Desk, call: Call, response: Mapping[str, Any]) -> None:
    """A pasted case stands as a root message: it is opened as a case of whoever pasted it."""
    open_case(desk, call.channel, str(response["ts"]), sending.subject, str(sending.arguments[CASE_TEXT]))


def _message(suggestion_id: str, desk: Desk) -> Block:
    suggestion = desk.store.suggestions.get(suggestion_id)
    feedback = desk.feedback.state(suggestion_id)
    states: dict[str, MessageState] = {"superseded": "superseded", "withdrawn": "withdrawn"}
    state = states.get(feedback.suggestion_state, "live")
    case = desk.store.cases.get(suggestion.case_id)
    if state != "withdrawn" and is_read_from_outside(desk, case.channel):
        state = "hidden"
    line = _why_withdrawn(case) if state == "withdrawn" else build_state(feedback)
    return build_suggestion(suggestion, line, state, is_outdated=has_said(suggestion) != has_said(case))


def _why_withdrawn(case: Case) -> str:
    if case.text == REMOVED_TEXT:
        return "The message was deleted, so its draft replies were withdrawn."
    if case.status != "withdrawn":
        return "A message they were drafted from was deleted, so these draft replies were withdrawn."
    return "Not a case: the draft replies were withdrawn, and nothing is learned from this message."


STORED = Purpose(render_as_stored)
PURPOSES: dict[str, Purpose] = {
    "suggestion": Purpose(render_suggestion, suggestion_sent),
    "asked_suggestion": Purpose(render_suggestion, suggestion_sent),
    "suggestion_update": Purpose(render_suggestion_update),
    "reply": Purpose(render_reply, reply_sent, reply_lost),
    "settle": Purpose(render_settled),
    "case_root": Purpose(render_case_root, case_root_sent),
    retrainings.POST: Purpose(render_retraining, retraining_sent),
    retrainings.UPDATE: Purpose(render_retraining_update),
    retrainings.REPORT: Purpose(render_report),
    LEADS_NOTICE: Purpose(render_leads_notice),
    WEEKLY_DIGEST: Purpose(render_digest),
    HELD: Purpose(render_held),
    AUDIT: Purpose(render_audit),
    news.PURPOSE: Purpose(render_news),
    "direct": Purpose(render_direct),
    gap_news.SHOWN: Purpose(render_gap, gap_sent),
    gap_news.WHO_ASKED: Purpose(render_who_asked),
    gap_news.ASKED_AGAIN: Purpose(render_asked_again),
    gap_news.NOW_THERE: Purpose(render_now_there),
    gap_news.NOW_FOUND: Purpose(render_now_found),
}
