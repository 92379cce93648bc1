"""Annotations that the virtual judge holds: the leads are asked, and one click decides."""

from __future__ import annotations

from bot import ids
from bot.blocks.held import build_held
from bot.blocks.notes import build_note
from bot.calls import POST_QUIETLY, Call, digest
from bot.desk import Desk
from core.store.records import Sending, Work


def render_held(sending: Sending, desk: Desk) -> Call | None:
    """The question to the leads; None where it is settled already, or they have no channel."""
    ruling = desk.store.rulings.latest(sending.subject)
    if ruling is None or ruling.verdict != "held" or not desk.settings.leads_channel:
        return None
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(sending.key)}}
    question = build_held(desk.store.annotations.get(sending.subject), ruling)
    where = {"channel": desk.settings.leads_channel, "metadata": mark}
    return Call("chat.postMessage", {**where, **POST_QUIETLY, **question})


def work_held(work: Work, desk: Desk) -> None:
    """A lead has decided; the question is replaced by the answer."""
    click = work.payload
    desk.permissions.require("held", click["user"])
    may_teach = click["action_id"] == ids.HELD_ACCEPT
    annotation = desk.store.annotations.get(click["value"])
    with desk.together():
        if desk.store.rulings.decide(annotation.id, may_teach, click["user"]):
            decision = "it may teach" if may_teach else "it is dropped"
            said = f"<@{click['user']}> decided: {decision} · {annotation.case_id}"
        else:
            said = "This is no longer held: somebody has decided, or what was said later has settled it."
        replaced = {"url": click["response_url"], "body": {"replace_original": True, **build_note(said)}}
        desk.send(f"decided:{work.key}", "response_url", replaced, purpose="answer")
