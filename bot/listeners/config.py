"""`/aitl config`: leads look at the settings of a channel and change them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot import ids
from bot.blocks.config import AUTOMATIC, Fixed, build_config, in_words
from bot.blocks.notes import build_note
from bot.blocks.refusal import build_refusal
from bot.desk import Desk
from bot.errors import FINAL, NotYet, report, sentence
from bot.inbox import submission
from bot.listeners.forms import values_of
from bot.listeners.place import resume
from bot.refs import ConfigRef
from core.channel_settings import ChannelSettings, QuietHours
from core.store.records import Work

BUDGET_MAX = 1000
Show = Callable[[dict[str, Any]], object]
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_BOT_ID = re.compile(r"[ABUW][A-Z0-9]{5,20}")


def register(app: App, desk: Desk) -> None:
    """The command that opens the form, its choice of a channel, and the form sent."""

    @app.command(ids.COMMAND)
    def handle_config(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        ref = ConfigRef(_first_channel(body.get("channel_id", ""), desk), body.get("response_url", ""))
        show = lambda view: desk.client.views_open(trigger_id=body["trigger_id"], view=view)  # noqa: E731
        open_view(body, desk, "config_form", ref, show)

    @app.action(ids.CONFIG_CHANNEL)
    def handle_channel(ack: Ack, body: dict[str, Any], action: dict[str, Any]) -> None:
        ack()
        shown = body["view"]
        ref = ConfigRef(action["selected_conversation"] or "", ConfigRef.loads(shown["private_metadata"]).response_url)
        show = lambda view: desk.client.views_update(view_id=shown["id"], view=view)  # noqa: E731
        open_view(body, desk, ids.CONFIG_CHANNEL, ref, show)

    @app.view(ids.CONFIG)
    def handle_form(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        ref = ConfigRef.loads(view["private_metadata"])
        values = {ref.name_of(block_id): value for block_id, value in values_of(view).items()}
        errors = errors_in(values)
        if errors:
            ack(response_action="errors", errors={ref.block_id(name): said for name, said in errors.items()})
            return
        where = {"channel": ref.channel, "response_url": ref.response_url}
        desk.put(submission(body, ids.CONFIG, {**where, **values}))
        ack()


def open_view(body: dict[str, Any], desk: Desk, interaction: str, ref: ConfigRef, show: Show) -> None:
    """Show the settings of that channel, or say to whoever may not see them whom to ask."""
    if not desk.triggers.take(body["trigger_id"]):
        return
    key, user = f"form:{body['trigger_id']}", body.get("user_id") or body["user"]["id"]
    try:
        desk.permissions.require(interaction, user)
        view = build_config(ref, desk.set_for(ref.channel), fixed_for(ref.channel, desk))
    except FINAL as error:
        desk.answer(key, ref.response_url, build_note(sentence(error, key)))
        return
    except (SlackApiError, OSError, NotYet) as error:  # Slack does not say who this is
        report(error, key, "opening the settings of a channel")
        view = build_refusal(sentence(error, key, "open the form"))
    show(view)


def fixed_for(channel: str, desk: Desk) -> Fixed:
    """What the environment says besides."""
    settings = desk.settings
    return Fixed(
        watched=desk.is_watched(channel),
        names_channels=bool(settings.case_channels),
        case_bots=settings.case_bots,
        owners=settings.knowledge_owners,
        daily_budget=settings.daily_budget,
        timezone=settings.timezone,
    )


def errors_in(values: dict[str, Any]) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {}
    strange = [one for one in ids_in(values.get("bots")) if not _BOT_ID.fullmatch(one)]
    if strange:
        errors["bots"] = f"{strange[0][:40]} is no id of a bot or app; such ids look like B0123ABCD."
    budget = (values.get("budget") or "").strip()
    if budget and not (budget.isdecimal() and int(budget) <= BUDGET_MAX):
        errors["budget"] = f"Write a whole number from 0 to {BUDGET_MAX}, or leave it empty."
    return errors | _errors_in_hours(*((values.get(name) or "").strip() for name in ("quiet_from", "quiet_to")))


def work_config(work: Work, desk: Desk) -> None:
    """Keep what a lead has set. Where drafts are on again, the cases that waited get theirs."""
    form = work.payload
    desk.permissions.require(ids.CONFIG, form["user"])
    channel, new = form["channel"], settings_in(form)
    with desk.together():
        were_off = not desk.set_for(channel).candidates
        desk.store.channels.set_settings(desk.identity.team_id, channel, new, form["user"])
        resumed = resume(desk, channel) if were_off and new.candidates else 0
        cases = f" Drafts for cases that waited: {resumed}." if resumed else ""
        said = build_note(f"{in_words(channel, new, fixed_for(channel, desk))}{cases}")
        desk.answer(work.key, form["response_url"], said)


def settings_in(form: Mapping[str, Any]) -> ChannelSettings:
    """What an accepted form says."""
    begin, end = (_time(form.get(name) or "") for name in ("quiet_from", "quiet_to"))
    budget, language = (form.get("budget") or "").strip(), form["language"]
    return ChannelSettings(
        candidates=form["candidates"] == "on",
        bots=tuple(dict.fromkeys(ids_in(form.get("bots")))),
        language="" if language == AUTOMATIC else language,
        daily_budget=int(budget) if budget else None,
        quiet=QuietHours(begin, end) if begin is not None and end is not None else None,
        approvers=tuple(form.get("approvers") or ()),
    )


def ids_in(text: str | None) -> list[str]:
    """Ids separated by commas or spaces, as people write them."""
    return (text or "").replace(",", " ").upper().split()


def _errors_in_hours(begin: str, end: str) -> dict[str, str]:
    wrong = {
        name: "Write a time of day such as 22:00, or leave it empty."
        for name, written in (("quiet_from", begin), ("quiet_to", end))
        if written and _time(written) is None
    }
    if wrong:
        return wrong
    if bool(begin) != bool(end):
        missing, which = ("quiet_to", "end") if begin else ("quiet_from", "begin")
        return {missing: f"Say also when the quiet hours {which}, or leave both empty."}
    if begin and _time(begin) == _time(end):
        return {"quiet_to": "They would end when they begin; leave both empty for no quiet hours."}
    return {}


def _time(text: str) -> time | None:
    found = _TIME.fullmatch(text.strip())
    return time(int(found.group(1)), int(found.group(2))) if found else None


def _first_channel(asked_in: str, desk: Desk) -> str:
    """Where the command was given, unless that is no channel: then the first that is watched, "" without any."""
    watched = desk.watched()
    return asked_in if asked_in in watched or asked_in.startswith(("C", "G")) else min(watched, default="")
