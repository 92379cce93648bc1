"""Annotations that the virtual judge holds: the leads are asked, and one click decides."""

from __future__ import annotations

from collections.abc import Callable

from bot import ids
from bot.blocks.held import build_held
from bot.blocks.notes import build_note
from bot.desk import Desk
from core.annotations import Annotation
from core.judge.ruling import Ruling
from core.store.records import Work


def ask_the_leads(desk: Desk) -> Callable[[Annotation, Ruling], None]:
    """Puts each newly held annotation before the leads, once, where they have a channel of their own."""

    def hear(annotation: Annotation, ruling: Ruling) -> None:
        if ruling.verdict == "held" and desk.settings.leads_channel:
            question = {"channel": desk.settings.leads_channel, **build_held(annotation, ruling)}
            desk.send(f"held:{annotation.id}", "chat.postMessage", question, purpose="notice")

    return hear


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
