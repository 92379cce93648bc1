"""Both drafts are turned down, with at least one reason."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.blocks.notes import build_note
from bot.blocks.rejection import NO_REASON, build_rejection
from bot.desk import Desk
from bot.listeners.forms import accept, form_case, open_form, over, values_of
from core.store.records import Work


def register(app: App, desk: Desk) -> None:
    """The button `neither` and the form `rejection`."""

    @app.action(ids.NEITHER)
    def handle_neither(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        open_form(body, desk, "neither", lambda ref, _: build_rejection(ref))

    @app.view(ids.REJECTION)
    def handle_rejection(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        values = values_of(view)
        problem = NO_REASON if not values.get("reasons") else over(desk, view)
        accept(ack, body, desk, values, {"reasons": problem} if problem else {})


def work_rejection(work: Work, desk: Desk) -> None:
    """Record the refusal."""
    suggestion, case = form_case(work, desk)
    form = work.payload
    desk.feedback.reject(
        suggestion.id,
        form["user"],
        tuple(form["reasons"]),
        form.get("rationale") or None,
        form.get("reply") or None,
        "modal",
        work.key,
    )
    desk.refresh(suggestion.id)
    desk.tell(work.key, form["user"], case.channel, build_note("Noted: neither draft."), case.thread_ts)
