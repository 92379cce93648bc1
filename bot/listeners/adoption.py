"""A draft is edited before it is sent."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.blocks.adoption import build_adoption
from bot.desk import Desk
from bot.listeners.forms import accept, form_case, open_form, over, values_of
from bot.listeners.use import settle
from core.citations import without_marks
from core.store.records import Work
from core.values import Slot

EMPTY_REPLY = "Write the reply that should be sent."


def register(app: App, desk: Desk) -> None:
    """The buttons `edit.a`, `edit.b` and the form `adoption`."""

    @app.action(ids.EDIT_PATTERN)
    def handle_edit(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        slot: Slot = "a" if body["actions"][0]["action_id"] == ids.edit_action("a") else "b"
        open_form(
            body,
            desk,
            "edit",
            lambda ref, suggestion: build_adoption(ref, without_marks(suggestion.candidate(slot).text)),
            slot,
        )

    @app.view(ids.ADOPTION)
    def handle_adoption(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        values = values_of(view)
        reply = values.get("reply") or ""
        problem = EMPTY_REPLY if not reply.strip() else over(desk, view)
        accept(ack, body, desk, values, {"reply": problem} if problem else {})


def work_adoption(work: Work, desk: Desk) -> None:
    """Adopt the edited text: `as_is` if it equals the draft after all."""
    suggestion, _ = form_case(work, desk)
    form = work.payload
    with desk.together():
        outcome = desk.feedback.adopt(
            suggestion.id,
            form["user"],
            form["slot"],
            "modal",
            work.key,
            final=form["reply"],
            reasons=tuple(form.get("reasons") or ()),
            rationale=form.get("rationale") or None,
        )
        settle(work, outcome, suggestion.id, desk)
