"""What the knowledge base should have said is reported."""

from __future__ import annotations

from typing import Any

from pydantic import HttpUrl, TypeAdapter, ValidationError
from slack_bolt import Ack, App

from bot import ids
from bot.blocks.missing_knowledge import build_missing_knowledge
from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.listeners.forms import accept, form_case, open_form, values_of
from bot.listeners.gaps import take_in_later
from core.store.records import Work

_LINK = TypeAdapter(HttpUrl)


def register(app: App, desk: Desk) -> None:
    """The button `report_gap` and the form `missing_knowledge`."""

    @app.action(ids.REPORT_GAP)
    def handle_report_gap(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        open_form(body, desk, "report_gap", lambda ref, _: build_missing_knowledge(ref))

    @app.view(ids.MISSING_KNOWLEDGE)
    def handle_missing_knowledge(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        values = values_of(view)
        accept(ack, body, desk, values, errors_in(values))


def errors_in(values: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {}
    if not (values.get("description") or "").strip():
        errors["description"] = "Say in a sentence what is missing."
    if not values.get("kind"):
        errors["kind"] = "Choose one."
    if values.get("link"):
        try:
            _LINK.validate_python(values["link"])
        except ValidationError:
            errors["link"] = "This is no web address; it should start with https://"
    return errors


def work_missing_knowledge(work: Work, desk: Desk) -> None:
    """Put the report into the queue."""
    suggestion, case = form_case(work, desk)
    form = work.payload
    desk.feedback.report_gap(
        suggestion.id, form["user"], form["description"], form["kind"], form.get("link") or None, "modal", work.key
    )
    desk.refresh(suggestion.id)
    take_in_later(work.key, desk)
    note = build_note("Thank you: the report is in the queue. `/aitl gaps` shows it.")
    desk.tell(work.key, form["user"], case.channel, note, case.thread_ts)
