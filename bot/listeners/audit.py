"""A sample of what the virtual judge ruled on: a second person is asked without being told the verdict."""

from __future__ import annotations

from bot import ids
from bot.blocks.audit import build_audit
from bot.blocks.elements import context
from bot.blocks.notes import build_note
from bot.calls import POST_QUIETLY, Call, digest
from bot.desk import Desk
from core.errors import NotAllowed, UnknownAnnotation
from core.judge.audit import is_open, measured, settle
from core.store.records import Sending, Work

OWN_WORDS = "You said this yourself, so somebody else has to judge it; nothing was changed."


def render_audit(sending: Sending, desk: Desk) -> Call | None:
    """The question to the leads; None where it is settled already, or they have no channel.

    Where people from outside can read the channel, it holds no snippets and no drafts.
    """
    channel = desk.settings.leads_channel
    if not channel or not is_open(desk.store, sending.subject):
        return None
    annotation = desk.store.annotations.get(sending.subject)
    asked = None if desk.people.barriers(channel) else annotation.suggestion_id
    suggestion = None if asked is None else desk.store.suggestions.as_shown(asked)
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(sending.key)}}
    question = build_audit(annotation, suggestion)
    return Call("chat.postMessage", {"channel": channel, "metadata": mark, **POST_QUIETLY, **question})


def work_audit(work: Work, desk: Desk) -> None:
    """A second person has judged; the question is replaced by the answer and by how good the judge is."""
    click = work.payload
    desk.permissions.require("audit", click["user"])
    annotation = desk.store.annotations.get(click["value"])
    if desk.store.cases.get(annotation.case_id).team != desk.identity.team_id:
        raise UnknownAnnotation(annotation.id)
    if annotation.agent_id == click["user"]:
        raise NotAllowed(OWN_WORDS)
    may_teach = click["action_id"] == ids.AUDIT_AGREE
    with desk.together():
        if settle(desk.store, annotation.id, may_teach, click["user"]):
            decision = "it may teach" if may_teach else "it may not teach"
            answer = build_note(f"<@{click['user']}> gave a second opinion: {decision} · {annotation.case_id}")
            answer["blocks"].append(context("\n".join(measured(desk.store))))
        else:
            answer = build_note("Nobody is asked about this any more: what was said or decided later has settled it.")
        replaced = {"url": click["response_url"], "body": {"replace_original": True, **answer}}
        desk.send(f"decided:{work.key}", "response_url", replaced, purpose="answer")
