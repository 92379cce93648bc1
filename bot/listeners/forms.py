"""What all forms share: opened at once from local data, read into plain values, kept when accepted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack

from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.errors import FINAL, sentence
from bot.inbox import submission
from bot.refs import ViewRef
from core.clicks import FORGOTTEN
from core.store.records import Work
from core.values import Case, Slot, Suggestion

Json = Mapping[str, Any]
Build = Callable[[ViewRef, Suggestion], dict[str, Any]]


def open_form(body: Json, desk: Desk, interaction: str, build: Build, slot: Slot | None = None) -> None:
    """Open the form a button asks for. The trigger lives three seconds: all it shows is in our own database."""
    action, user = body["actions"][0], body["user"]["id"]
    if not desk.triggers.take(body["trigger_id"]):
        return
    key = f"form:{body['trigger_id']}"
    try:
        desk.permissions.require(interaction, user)
        suggestion, case = desk.live_suggestion(action["value"])
        ref = ViewRef(suggestion.id, case.channel, case.thread_ts, slot)
        desk.client.views_open(trigger_id=body["trigger_id"], view=build(ref, suggestion))
    except FINAL as error:
        place = body.get("container") or {}
        thread_ts = place.get("thread_ts", "")
        desk.tell(key, user, place.get("channel_id", ""), build_note(sentence(error, key)), thread_ts)


def accept(ack: Ack, body: Json, desk: Desk, values: dict[str, Any], errors: dict[str, str]) -> None:
    """Close the form and keep what was sent, or keep it open and say what is missing beside the field.

    If it cannot be stored, nothing is acknowledged and the form stays open with all its text.
    """
    if errors:
        ack(response_action="errors", errors=errors)
        return
    view = body["view"]
    ref = ViewRef.loads(view["private_metadata"])
    where = {"channel": ref.channel, "thread_ts": ref.thread_ts, "suggestion_id": ref.suggestion_id, "slot": ref.slot}
    desk.put(submission(body, view["callback_id"], {**where, **values}))
    ack()


def values_of(view: Json) -> dict[str, Any]:
    """Plain values by block id: text, option value, list of option values or of users, id, or None."""
    return {name: _plain(next(iter(fields.values()))) for name, fields in view["state"]["values"].items() if fields}


def over(desk: Desk, view: Json) -> str:
    """Why the suggestion behind a form takes no answer any more; "" while it does.

    A newer revision does not close a form that is open: the agent's words are not thrown away.
    """
    ref = ViewRef.loads(view["private_metadata"])
    state = desk.store.suggestions.state(ref.suggestion_id)
    if state == "forgotten":
        return FORGOTTEN
    return "These drafts were withdrawn meanwhile; copy your text if you still need it." if state == "withdrawn" else ""


def form_case(work: Work, desk: Desk) -> tuple[Suggestion, Case]:
    """The suggestion and the case that an accepted form is about."""
    desk.permissions.require(work.kind, work.payload["user"])
    suggestion = desk.store.suggestions.get(work.payload["suggestion_id"])
    return suggestion, desk.store.cases.get(suggestion.case_id)


def _plain(field: Json) -> Any:
    if "selected_options" in field:
        return [chosen["value"] for chosen in field["selected_options"]]
    if "selected_users" in field:
        return field["selected_users"]
    if "selected_option" in field:
        return (field["selected_option"] or {}).get("value")
    for name in ("selected_conversation", "selected_channel", "selected_user"):
        if name in field:
            return field[name]
    return field.get("value")
