"""What people do about a gap from the list or from its message: assign, not needed, its cases, rename, merge, split."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.blocks.gap_forms import (
    build_assign,
    build_gap_cases,
    build_merge,
    build_reject,
    build_rename,
    build_split,
)
from bot.blocks.gap_news import build_assigned
from bot.blocks.gaps import build_gaps, title_of
from bot.blocks.notes import build_note
from bot.desk import Desk
from bot.errors import FINAL, sentence
from bot.gap_news import case_links
from bot.inbox import DEPLOYS, Delivery, submission
from bot.listeners.forms import values_of
from bot.refs import GapRef
from core.errors import NotPossible
from core.knowledge.gaps import GapGroup
from core.store.records import Work

Json = dict[str, Any]
Build = Callable[[GapRef, GapGroup], Json]

# By each form that is sent: the row of the permission table, the field that must be filled, what is said without it.
FORMS = {
    ids.GAP_ASSIGN_FORM: ("gaps.assign", "person", "Choose somebody."),
    ids.GAP_REJECT_FORM: ("gaps.reject", "reason", "Say why it is not needed."),
    ids.GAP_RENAME_FORM: ("gaps.more", "name", "A gap needs a name."),
    ids.GAP_MERGE_FORM: ("gaps.more", "into", "Choose a gap."),
    ids.GAP_SPLIT_FORM: ("gaps.more", "reports", "Choose some of the reports."),
}


def register(app: App, desk: Desk) -> None:
    """The buttons, the menu, and the forms that they open."""

    @app.action(ids.GAP_ASSIGN)
    def handle_gap_assign(ack: Ack, body: Json) -> None:
        ack()
        open_gap_form(body, desk, "gaps.assign", body["actions"][0]["value"], build_assign)

    @app.action(ids.GAP_REJECT)
    def handle_gap_reject(ack: Ack, body: Json) -> None:
        ack()
        open_gap_form(body, desk, "gaps.reject", body["actions"][0]["value"], build_reject)

    @app.action(ids.GAP_MORE)
    def handle_gap_more(ack: Ack, body: Json) -> None:
        ack()
        wanted, _, group_id = body["actions"][0]["selected_option"]["value"].partition(":")
        builds: dict[str, Build] = {
            "cases": lambda ref, group: _cases(group, desk),
            "rename": build_rename,
            "merge": lambda ref, group: build_merge(ref, group, _others(group, desk)),
            "split": build_split,
        }
        open_gap_form(body, desk, "gaps.more", group_id, builds[wanted])

    for callback_id in FORMS:
        app.view(callback_id)(_keeper(callback_id, desk))


def open_gap_form(body: Json, desk: Desk, interaction: str, group_id: str, build: Build) -> str | None:
    """Open what a button asks for: the view's id, None where it was not opened.

    The trigger lives three seconds: all that is shown is in our own database.
    """
    user, key = body["user"]["id"], f"form:{body['trigger_id']}"
    if not desk.triggers.take(body["trigger_id"]):
        return None
    try:
        desk.permissions.require(interaction, user)
        view = build(GapRef(group_id, list_url_of(body)), desk.gap(group_id))
        return str(desk.client.views_open(trigger_id=body["trigger_id"], view=view)["view"]["id"])
    except FINAL as error:
        _tell_where_clicked(body, desk, key, sentence(error, key))
        return None


def _tell_where_clicked(body: Json, desk: Desk, key: str, said: str) -> None:
    """Beside the message that was clicked on; for somebody's Home or a form, as a direct message."""
    place = body.get("container") or {}
    if place.get("channel_id"):
        desk.tell(key, body["user"]["id"], place["channel_id"], build_note(said), place.get("thread_ts", ""))
    else:
        desk.write_to(key, body["user"]["id"], build_note(said))


def list_url_of(body: Json) -> str:
    """Where the list that was clicked in can be replaced: it is for one person, so nothing of others' is."""
    is_list = (body.get("container") or {}).get("is_ephemeral")
    return str(body.get("response_url") or "") if is_list else ""


def work_gap_reports(work: Work, desk: Desk) -> None:
    """Something was reported: look whether it is there, and put it to what is like it."""
    desk.gaps.take_in(desk.identity.team_id)


def take_in_later(key: str, desk: Desk) -> None:
    """Have it done where nobody waits: it may need a model."""
    desk.put(Delivery(f"gap_reports:{key}", "gap_reports", DEPLOYS, {}))


def work_gap_assign(work: Work, desk: Desk) -> None:
    """Somebody is to write the article, and hears of it."""
    group, user = _required(work, desk)
    person = str(work.payload["person"])
    if "agent" not in desk.people.standings(person):
        raise NotPossible("Only a full member of this workspace can write an article.")
    with desk.together():
        desk.gaps.assign(group.id, person, user)
        if person != user:
            desk.write_to(f"assigned:{work.key}", person, build_assigned(group, user))
        done(work, desk, f"*{title_of(group)}* is assigned to <@{person}>.")


def work_gap_reject(work: Work, desk: Desk) -> None:
    """No article is needed, and why."""
    group, user = _required(work, desk)
    with desk.together():
        desk.gaps.reject(group.id, str(work.payload["reason"]), user)
        done(work, desk, f"*{title_of(group)}* is closed: no article is needed.")


def work_gap_rename(work: Work, desk: Desk) -> None:
    """It has another name."""
    group, user = _required(work, desk)
    with desk.together():
        desk.gaps.rename(group.id, str(work.payload["name"])[:300], user)
        done(work, desk, f"*{title_of(group)}* is called *{title_of(desk.gap(group.id))}* now.")


def work_gap_merge(work: Work, desk: Desk) -> None:
    """Its reports are those of another gap."""
    group, user = _required(work, desk)
    into = desk.gap(str(work.payload["into"]))
    with desk.together():
        desk.gaps.merge(into.id, [group.id], user)
        done(work, desk, f"The reports of *{title_of(group)}* belong to *{title_of(into)}* now.")


def work_gap_split(work: Work, desk: Desk) -> None:
    """Some of its reports are a gap of their own."""
    group, user = _required(work, desk)
    with desk.together():
        made = desk.gaps.split(group.id, list(work.payload["reports"]), user)
        done(work, desk, f"*{title_of(desk.gap(made))}* is a gap of its own now.")


def done(work: Work, desk: Desk, said: str) -> None:
    """In the list that the form was opened from, as it is now; without one as a direct message."""
    if work.payload["list_url"]:
        shown = build_gaps(desk.gaps.listed(desk.identity.team_id), desk.clock(), said)
        replaced = {"url": work.payload["list_url"], "body": {"replace_original": True, **shown}}
        desk.send(f"decided:{work.key}", "response_url", replaced, purpose="answer")
    else:
        desk.write_to(f"decided:{work.key}", work.payload["user"], build_note(said))


def kept(body: Json, kind: str, ref: GapRef, values: Json) -> Delivery:
    """The row of a form about a gap."""
    where = {"group_id": ref.group_id, "list_url": ref.list_url, "view_id": body["view"]["id"]}
    return submission(body, kind, {**where, **values})


def _keeper(callback_id: str, desk: Desk) -> Callable[..., None]:
    """The listener of a form with one field."""
    _, field, without = FORMS[callback_id]

    def handle_gap_form(ack: Ack, body: Json, view: Json) -> None:
        values = values_of(view)
        given = values.get(field)
        if not (given.strip() if isinstance(given, str) else given):
            ack(response_action="errors", errors={field: without})
            return
        desk.put(kept(body, callback_id, GapRef.loads(view["private_metadata"]), {field: given}))
        ack()

    return handle_gap_form


def _required(work: Work, desk: Desk) -> tuple[GapGroup, str]:
    """The gap that an accepted form is about, and who sent it."""
    user = work.payload["user"]
    desk.permissions.require(FORMS[work.kind][0], user)
    return desk.gap(work.payload["group_id"]), user


def _cases(group: GapGroup, desk: Desk) -> Json:
    return build_gap_cases(
        group, case_links(desk, group.cases), desk.store.gaps.checks([one.id for one in group.reports])
    )


def _others(group: GapGroup, desk: Desk) -> list[GapGroup]:
    others = [one for one in desk.gaps.listed(desk.identity.team_id).groups if one.id != group.id]
    if not others:
        raise NotPossible("There is no other gap to merge it into.")
    return others
