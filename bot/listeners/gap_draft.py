"""An article is drafted, edited, and approved by an owner of the knowledge; only then it is published."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot import ids
from bot.blocks.gap_draft import body_of, build_drafting, build_gap_draft, build_publishing, build_told
from bot.blocks.gap_news import build_approved
from bot.blocks.gaps import title_of
from bot.blocks.lost import build_unpublished
from bot.desk import Desk
from bot.errors import FINAL, sentence
from bot.gap_news import asked_by, case_links, title_of_article
from bot.inbox import CLICKS, DEPLOYS, Delivery
from bot.listeners.forms import values_of
from bot.listeners.gaps import done, kept, list_url_of, open_gap_form
from bot.mrkdwn import escape_within
from bot.refs import GapRef
from core.errors import ExamNotPassed, NotPossible
from core.gap_queue import SAVED_MEANWHILE
from core.knowledge.gap_draft import ArticleDraft, order_flags
from core.knowledge.gaps import GapGroup
from core.store.records import Work

Json = dict[str, Any]
_READ_AGAIN = "Please read the sentence above, then approve once more if it is meant for customers."


def register(app: App, desk: Desk) -> None:
    """The button that opens the form, the form, and the button inside it."""

    @app.action(ids.GAP_DRAFT)
    def handle_gap_draft(ack: Ack, body: Json) -> None:
        ack()
        open_draft(body, desk)

    @app.action(ids.GAP_APPROVE)
    def handle_gap_approve(ack: Ack, body: Json) -> None:
        approve(ack, body, desk)

    @app.view(ids.GAP_DRAFT_FORM)
    def handle_gap_draft_form(ack: Ack, body: Json, view: Json) -> None:
        ref, values = GapRef.loads(view["private_metadata"]), values_of(view)
        errors = errors_in(values, ref, desk)
        if errors:
            ack(response_action="errors", errors=errors)
            return
        written = {"title": values["title"], "body": body_of(values), "version": ref.version}
        desk.put(kept(body, ids.GAP_DRAFT_FORM, ref, written))
        ack()


def errors_in(values: Json, ref: GapRef, desk: Desk) -> dict[str, str]:
    """What is wrong, by field."""
    errors = {}
    standing = desk.store.gaps.draft(ref.group_id)
    if not (values.get("title") or "").strip():
        errors["title"] = "An article needs a title."
    elif standing is not None and standing.version != ref.version:
        errors["title"] = SAVED_MEANWHILE
    if not body_of(values):
        errors["text"] = "An article needs a text."
    return errors


def open_draft(body: Json, desk: Desk) -> None:
    """Open the draft as it stands; where there is none yet, a view that waits for it."""
    group_id, opened = body["actions"][0]["value"], f"gap_drafting:{body['trigger_id']}"
    user, waits = body["user"]["id"], list[str]()

    def build(ref: GapRef, group: GapGroup) -> Json:
        draft = desk.store.gaps.draft(group.id)
        if draft is None and group.status in ("open", "drafted"):
            waits.append(group.id)
            return build_drafting()
        return _view(ref, desk.gaps.draft(group.id, user), user, desk)

    view_id = open_gap_form(body, desk, "gaps.draft", group_id, build)
    if view_id is not None and waits:
        payload = {"user": user, "group_id": group_id, "list_url": list_url_of(body), "view_id": view_id}
        desk.put(Delivery(opened, "gap_drafting", CLICKS, payload))


def work_gap_drafting(work: Work, desk: Desk) -> None:
    """The draft is made, and shown in the view that waits for it."""
    asked = work.payload
    desk.permissions.require("gaps.draft", asked["user"])
    ref = GapRef(desk.gap(asked["group_id"]).id, asked["list_url"])
    desk.show(work.key, asked["view_id"], _view(ref, desk.gaps.draft(ref.group_id, asked["user"]), asked["user"], desk))


def work_gap_draft(work: Work, desk: Desk) -> None:
    """What was written is the draft's next version."""
    form = work.payload
    desk.permissions.require("gaps.draft", form["user"])
    group = desk.gap(form["group_id"])
    with desk.together():
        saved = desk.gaps.revise(group.id, form["title"], form["body"], form["user"], form["version"])
        flags = "".join(f"\n:warning: {escape_within(one, 400)}" for one in saved.flags)
        done(work, desk, f"Version {saved.version} of the draft for *{title_of(group)}* is saved.{flags}")


def approve(ack: Ack, body: Json, desk: Desk) -> None:
    """Keep the approval and say at once that it is under way; what gives the bot orders is read a second time."""
    view, user = body["view"], body["user"]["id"]
    ref, values = GapRef.loads(view["private_metadata"]), values_of(view)
    key = f"gap_approve:{view['id']}:{body['actions'][0]['action_ts']}"
    title, text = values.get("title") or "", body_of(values)
    warnings = _to_read(title, text, ref)
    if warnings:
        ack()
        standing = desk.store.gaps.draft(ref.group_id)
        written = ArticleDraft(title, text, standing.sources if standing else (), (), ref.version)
        desk.show(key, view["id"], _view(ref, written, user, desk, warnings))
        return
    approval = {"user": user, "group_id": ref.group_id, "view_id": view["id"], "title": title, "body": text}
    with desk.together():
        desk.show(key, view["id"], build_publishing(title))
        desk.put(Delivery(key, "gap_approve", DEPLOYS, {**approval, "version": ref.version}))
    ack()


def work_gap_approve(work: Work, desk: Desk) -> None:
    """The article is published as the owner read it, its cases are asked again, and all who asked hear of it.

    Done again after a crash, it goes on where it was; a second approval of the same gap is told that it came second.
    Where another article would be lost by it, only the draft is kept as the owner left it.
    """
    try:
        _approve(work, desk)
    except ExamNotPassed as error:  # told here: it quotes a customer, whom no log may quote
        _tell_not_passed(work, desk, error)
    except FINAL as error:
        told = build_told("Not published", sentence(error, work.key))
        desk.show(f"refused:{work.key}", work.payload["view_id"], told)
        raise


def _approve(work: Work, desk: Desk) -> None:
    asked, key = work.payload, f"approved:{work.key}"
    desk.permissions.require("gaps.approve", asked["user"])
    group = desk.gap(asked["group_id"])
    if group.status == "resolved" and group.changed_by != asked["user"]:
        raise NotPossible("Somebody else has published an article for this gap meanwhile.")
    article_id = group.article_id
    if group.status != "resolved":  # else this very work had come so far before a crash
        draft = desk.gaps.revise(group.id, asked["title"], asked["body"], asked["user"], asked["version"])
        article_id = desk.gaps.approve(group.id, asked["user"], draft.version).article_id
    assert article_id is not None, "what is resolved has an article"
    questions = asked_by(desk, article_id, group.cases)
    said = build_approved(title_of_article(desk, article_id), questions, case_links(desk, group.cases))
    with desk.together():
        desk.write_to(key, asked["user"], said)
        desk.show(key, asked["view_id"], build_told("Published", said["text"]))


def _tell_not_passed(work: Work, desk: Desk, error: ExamNotPassed) -> None:
    asked, key = work.payload, f"refused:{work.key}"
    said = build_unpublished(asked["group_id"], title_of_article(desk, error.lost[0].article_id), error.lost)
    with desk.together():
        desk.write_to(key, asked["user"], said)
        desk.show(key, asked["view_id"], build_told("Not published", said["text"]))


def _to_read(title: str, text: str, ref: GapRef) -> list[str]:
    """What is in the way of an approval: a blank field, or orders to the bot that nobody was warned about."""
    if not title.strip() or not text:
        return ["An article needs a title and a text."]
    flags = order_flags(f"{title}\n{text}", "the article")
    return [*flags, _READ_AGAIN] if flags and _mark(title, text) != ref.warned else []


def _view(ref: GapRef, draft: ArticleDraft, user: str, desk: Desk, warnings: Sequence[str] = ()) -> Json:
    is_owner = "owner" in desk.people.standings(user)
    refusal = "" if is_owner else desk.permissions.refusal("gaps.approve")
    shown = replace(ref, version=draft.version, warned=_mark(draft.title, draft.body))
    return build_gap_draft(shown, draft, refusal, case_links(desk, {one.case_id for one in draft.sources}), warnings)


def _mark(title: str, text: str) -> str:
    """Which words have been looked at."""
    words = " ".join(f"{title} {text}".split())
    return hashlib.sha256(words.encode()).hexdigest()[:12]
