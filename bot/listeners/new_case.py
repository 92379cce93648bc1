"""The global shortcut `new_case`: an agent pastes a customer's question, and it becomes a root message."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot import ids
from bot.blocks.new_case import build_case_post, build_new_case
from bot.blocks.refusal import build_refusal
from bot.desk import Desk
from bot.errors import NotYet, report, sentence
from bot.inbox import submission
from bot.listeners.forms import values_of
from bot.listeners.place import require_place
from core.store.records import Work


def register(app: App, desk: Desk) -> None:
    """The shortcut and its form."""

    @app.shortcut(ids.NEW_CASE)
    def handle_shortcut(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        if not desk.triggers.take(body["trigger_id"]):
            return
        try:
            view = build_form(body["user"]["id"], desk)
        except (SlackApiError, OSError, NotYet) as error:  # there is no other place to say so
            key = f"form:{body['trigger_id']}"
            report(error, key, "opening the form for a new case")
            view = build_refusal(sentence(error, key, "open the form"))
        desk.client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view(ids.NEW_CASE)
    def handle_new_case(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        values = values_of(view)
        errors = errors_in(values, desk)
        if errors:
            ack(response_action="errors", errors=errors)
            return
        desk.put(submission(body, ids.NEW_CASE, {"channel": values["channel"], "text": values["text"]}))
        ack()


def build_form(user: str, desk: Desk) -> dict[str, Any]:
    """The form, or for those who may not why: a view has no place for a private message beside it."""
    if not desk.permissions.allows("new_case_form", user):
        return build_refusal(desk.permissions.refusal("new_case_form"))
    watched = desk.settings.case_channels or sorted(desk.store.channels.watched(desk.identity.team_id))
    return build_new_case(watched[0] if watched else None)


def errors_in(values: dict[str, Any], desk: Desk) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {}
    if not (values.get("text") or "").strip():
        errors["text"] = "Paste what the customer wrote."
    if not values.get("channel"):
        errors["channel"] = "Choose a case channel."
    elif not desk.is_watched(values["channel"]):
        errors["channel"] = "I don't watch this channel for cases. Choose a case channel, or ask a lead to turn it on."
    return errors


def work_new_case(work: Work, desk: Desk) -> None:
    """Post the root message; once it stands, it is opened as a case of whoever pasted it."""
    form = work.payload
    desk.permissions.require("new_case", form["user"])
    require_place(desk, form["channel"])
    arguments = {"channel": form["channel"], **build_case_post(form["text"], form["user"]), "case_text": form["text"]}
    desk.send(f"case_root:{work.key}", "chat.postMessage", arguments, purpose="case_root", subject=form["user"])
