"""Retraining from Slack: a lead asks for it, its message follows it, and nobody waits in vain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot import ids
from bot.blocks.notes import build_note
from bot.blocks.retraining import build_asked, build_report, build_retraining, build_under_way
from bot.calls import POST_QUIETLY, UPDATE_QUIETLY, Call, digest
from bot.desk import Desk
from bot.mrkdwn import escape
from core.store.leadership import SCHEDULER
from core.store.records import Sending, Work

# A scheduler looks every second; one that is being started again needs some more.
UNANSWERED_AFTER_S = 45.0


def ask_for_retraining(work: Work, desk: Desk) -> dict[str, Any]:
    """The answer to `/aitl retrain`; one at a time, also when two ask at once."""
    key = f"asked:{work.key}"
    asked_before = desk.store.retrainings.get(key)  # the same command, worked off once more
    under_way = desk.store.retrainings.under_way()
    if under_way is not None and under_way.key != key:
        return build_under_way(under_way)
    if asked_before is None:
        said = work.payload
        desk.store.retrainings.ask(key, "asked", said["user"], said.get("channel", ""), desk.identity.team_id)
    return build_asked(desk.settings.leads_channel, desk.store.leases.is_held(SCHEDULER))


def give_up_unanswered(desk: Desk) -> None:
    """One round: whoever asked, and whom no scheduler heard, is told so."""
    desk.store.retrainings.give_up_unanswered(UNANSWERED_AFTER_S, desk.identity.team_id)


def render_retraining(sending: Sending, desk: Desk) -> Call | None:
    """The leads' message as it is first posted; None where it stands already, or there is no place for it."""
    one = desk.store.retrainings.get(sending.subject)
    if one is None or one.ts is not None or not desk.settings.leads_channel:
        return None
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(sending.key)}}
    where = {"channel": desk.settings.leads_channel, "metadata": mark}
    return Call("chat.postMessage", {**where, **POST_QUIETLY, **build_retraining(one)})


def retraining_sent(sending: Sending, desk: Desk, call: Call, response: Mapping[str, Any]) -> None:
    """From now on the message is updated."""
    desk.store.retrainings.mark_posted(sending.subject, call.channel, str(response["ts"]))


def render_retraining_update(sending: Sending, desk: Desk) -> Call | None:
    """The message as it is now; None where it was never posted."""
    one = desk.store.retrainings.get(sending.subject)
    if one is None or one.channel is None or one.ts is None:
        return None
    return Call("chat.update", {"channel": one.channel, "ts": one.ts, **UPDATE_QUIETLY, **build_retraining(one)})


def render_report(sending: Sending, desk: Desk) -> Call | None:
    """How it ended, for whoever asked and where they asked; None where nobody did."""
    one = desk.store.retrainings.get(sending.subject)
    if one is None or not one.asked_by or not one.asked_in:
        return None
    return Call("chat.postEphemeral", {"channel": one.asked_in, "user": one.asked_by, **build_report(one)})


def render_leads_notice(sending: Sending, desk: Desk) -> Call | None:
    """A sentence for the leads; None where they have no channel, or its words were forgotten."""
    text = str(sending.arguments.get("text") or "")
    if not desk.settings.leads_channel or not text:
        return None
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(sending.key)}}
    where = {"channel": desk.settings.leads_channel, "metadata": mark}
    return Call("chat.postMessage", {**where, **POST_QUIETLY, **build_note(escape(text))})
