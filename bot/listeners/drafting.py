"""Drafting: a case, or a change of its conversation, becomes the next suggestion message."""

from __future__ import annotations

import logging
from dataclasses import replace

from bot.blocks.notes import build_failed_draft
from bot.desk import Desk, Handler
from bot.errors import NotYet
from bot.inbox import ASKED, DRAFTS
from bot.listeners.place import may_post_in
from bot.listeners.said import has_said, is_current
from bot.services import Suggester
from core.errors import EmptyKnowledge
from core.ids import new_id
from core.store.records import Work
from core.values import Case, Suggestion

log = logging.getLogger("aitl.bot")

EMPTY = (
    "The knowledge base is empty, so there is nothing to draft from. "
    "Whoever runs me can fill it with: aitl ingest PATH. Then press Try again."
)


def drafter(suggester: Suggester) -> Handler:
    """The work of the lane `drafts`."""

    def work_draft(work: Work, desk: Desk) -> None:
        """Make sure that there is a suggestion of at least this revision for the conversation as it stands.

        Where an agent has answered by hand meanwhile it is made all the same: it still shows what the knowledge base
        says, and comparing it with the agent's own words teaches most.
        """
        case = desk.store.cases.get(work.payload["case_id"])
        latest = desk.store.suggestions.latest(case.id)
        if case.status == "withdrawn" or not has_said(case) or _is_still_settling(work, desk):
            return
        set_here = desk.set_for(case.channel)
        if not set_here.candidates or not may_post_in(desk, case.channel):
            return
        if latest and latest.revision >= work.payload["revision"] and is_current(desk, latest, case):
            publish(desk, case, latest, work.lane)
            return
        suggestion = _suggest(suggester, desk, replace(case, language=set_here.language))
        with desk.together():
            _keep(desk, case, suggestion, work)

    return work_draft


def _is_still_settling(work: Work, desk: Desk) -> bool:
    """Whether a later change of the conversation waits for its moment: then one draft is made for both."""
    if work.not_before is None:
        return False
    return any(
        later.id > work.id
        and later.payload.get("case_id") == work.payload["case_id"]
        and later.not_before is not None
        and later.not_before > desk.clock()
        for later in desk.store.inbox.waiting(DRAFTS, desk.identity.team_id)
    )


def _is_queued_besides(work: Work, desk: Desk) -> bool:
    waiting = [one for lane in (ASKED, DRAFTS) for one in desk.store.inbox.waiting(lane, desk.identity.team_id)]
    return any(one.id != work.id and one.payload.get("case_id") == work.payload["case_id"] for one in waiting)


def _keep(desk: Desk, case: Case, suggestion: Suggestion, work: Work) -> None:
    """Store and publish it, unless the case has moved on or another thread was faster with drafts of the same words.

    Raises NotYet where it has to be made again: nobody else will, or drafts of older words took its revision.
    """
    now = desk.store.cases.hold(case.id)
    if now.status == "withdrawn":
        return
    if has_said(now) != has_said(case):
        if _is_queued_besides(work, desk):
            log.info("%s changed while it was drafted: its change is queued too", case.id)
            return
        raise NotYet("an answered case was edited while an agent waits for other drafts of it")
    latest = desk.store.suggestions.latest(case.id)
    if latest is None or latest.revision < work.payload["revision"] or not is_current(desk, latest, now):
        latest = desk.store.suggestions.add(suggestion)
    if not is_current(desk, latest, now):
        raise NotYet("drafts of what was said before took this revision")
    publish(desk, case, latest, work.lane)


def publish(desk: Desk, case: Case, suggestion: Suggestion, lane: str) -> None:
    """Post the suggestion once, soon where an agent asked for it, and mark the older revisions as replaced."""
    with desk.together():
        for older in desk.store.suggestions.of_case(case.id):
            if older.revision < suggestion.revision and desk.store.suggestions.state(older.id) in ("pending", "live"):
                desk.store.suggestions.retire(older.id, "superseded")
                desk.refresh(older.id)
        key = f"suggestion:{suggestion.id}"
        purpose = "asked_suggestion" if lane == ASKED else "suggestion"
        desk.send(key, "chat.postMessage", {}, purpose=purpose, subject=suggestion.id, order_key=key)


def tell_failure(work: Work, desk: Desk, said: str) -> None:
    """Drafting was given up: the thread says so and offers another go."""
    case = desk.store.cases.get(work.payload["case_id"])
    message = build_failed_draft(said, case.id)
    where = {"channel": case.channel, "thread_ts": case.thread_ts}
    desk.send(f"failed:{work.key}", "chat.postMessage", {**where, **message}, purpose="notice")


def _suggest(suggester: Suggester, desk: Desk, case: Case) -> Suggestion:
    revision = desk.store.suggestions.next_revision(case.id)
    # Of an old case that somebody takes up again only the new words are there.
    case = replace(case, turns=tuple(turn for turn in case.turns if turn.text))
    try:
        return suggester.suggest(case, revision)
    except EmptyKnowledge:
        return Suggestion(
            id=new_id("sug"),
            case_id=case.id,
            revision=revision,
            turns=case.turns,
            query="",
            retrieved=(),
            shown=(),
            candidates=(),
            similar=(),
            bundle="",
            parameters={},
            timings_s={},
            created_at=desk.clock(),
            notice=EMPTY,
        )
