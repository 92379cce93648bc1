"""The gap's message in the leads' channel, its thread, and the private messages: from an outbox row to the call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot import ids
from bot.blocks.elements import Block
from bot.blocks.gap_news import build_asked_again, build_now_found, build_now_there, build_who_asked
from bot.blocks.gaps import build_gap, build_gone
from bot.calls import POST_QUIETLY, UPDATE_QUIETLY, Call, digest
from bot.desk import Desk
from bot.mrkdwn import escape_within, link
from bot.people import LEFT
from core.annotations import MissingKnowledge
from core.errors import UnknownGap
from core.knowledge.exam import ExamQuestion
from core.store.records import Sending

TITLE_MAX = 300


def render_gap(sending: Sending, desk: Desk) -> Call | None:
    """The gap as it is now, posted at first and updated from then on; None where the leads have no channel."""
    posted = desk.store.gaps.posted(sending.subject)
    try:
        group = desk.store.gaps.group(sending.subject)
    except UnknownGap:
        message = build_gone()
    else:
        message = build_gap(group, desk.clock(), _is_hidden(desk))
    if posted is not None:
        channel, ts = posted
        return Call("chat.update", {"channel": channel, "ts": ts, **UPDATE_QUIETLY, **message})
    if not desk.settings.leads_channel:
        return None
    return _post(desk.settings.leads_channel, f"gap:{sending.subject}", message)


def gap_sent(sending: Sending, desk: Desk, call: Call, response: Mapping[str, Any]) -> None:
    """From now on it is updated, and what is said about it stands below it."""
    if call.method == "chat.postMessage":
        desk.store.gaps.mark_posted(sending.subject, call.channel, str(response["ts"]))


def render_who_asked(sending: Sending, desk: Desk) -> Call | None:
    """In the thread of the gap that the report is in now; None where that has none, or the report was taken back."""
    report = desk.store.annotations.get(sending.subject)
    group_id = desk.store.gaps.grouped([report.id]).get(report.id)
    posted = None if group_id is None else desk.store.gaps.posted(group_id)
    if posted is None or not isinstance(report, MissingKnowledge) or not report.stands:
        return None
    where = case_links(desk, [report.case_id])[report.case_id]
    return _post(posted[0], sending.key, build_who_asked(report, where, _is_hidden(desk)), thread_ts=posted[1])


def render_asked_again(sending: Sending, desk: Desk) -> Call | None:
    """In the gap's thread, whether its cases find the article now; None where it has no thread."""
    group = desk.store.gaps.group(sending.subject)
    if group.channel is None or group.ts is None or group.article_id is None:
        return None
    questions = asked_by(desk, group.article_id, group.cases)
    links = case_links(desk, group.cases)
    message = build_asked_again(title_of_article(desk, group.article_id), questions, links)
    return _post(group.channel, sending.key, message, thread_ts=group.ts)


def render_now_there(sending: Sending, desk: Desk) -> Call | None:
    """To somebody who had reported the gap; None for those who may not see knowledge any more."""
    group_id, _, user = sending.subject.partition(" ")
    group = desk.store.gaps.group(group_id)
    if group.article_id is None or "agent" not in desk.people.standings(user):
        return None
    cases = {one.case_id for one in group.reports if one.agent_id == user}
    questions = asked_by(desk, group.article_id, cases)
    message = build_now_there(title_of_article(desk, group.article_id), questions, case_links(desk, cases))
    return _post(desk.people.direct_channel(user), sending.key, message)


def render_now_found(sending: Sending, desk: Desk) -> Call | None:
    """To whoever had reported that it was not found; None where it is open again, or they see no knowledge any more."""
    report = desk.store.annotations.get(sending.subject)
    if not isinstance(report, MissingKnowledge) or report.article_id is None:
        return None
    if "agent" not in desk.people.standings(report.agent_id):
        return None
    case = link(case_links(desk, [report.case_id])[report.case_id], report.case_id)
    message = build_now_found(title_of_article(desk, report.article_id), case)
    return _post(desk.people.direct_channel(report.agent_id), sending.key, message)


def render_direct(sending: Sending, desk: Desk) -> Call | None:
    """A message to one person; None where its words were forgotten."""
    said = dict(sending.arguments)
    user = said.pop("user", None)
    return None if user is None else _post(desk.people.direct_channel(str(user)), sending.key, said)


def case_links(desk: Desk, case_ids: Iterable[str]) -> dict[str, str]:
    """By case the address of its thread; "" where that is not known."""
    cases = [desk.store.cases.get(one) for one in dict.fromkeys(case_ids)]
    return {case.id: desk.identity.thread_url(case.channel, case.thread_ts) for case in cases}


def asked_by(desk: Desk, article_id: str, case_ids: Iterable[str]) -> list[ExamQuestion]:
    """The article's exam questions that come from these cases."""
    wanted = set(case_ids)
    return [one for one in desk.store.exam.questions(article_id) if one.case_id in wanted]


def title_of_article(desk: Desk, article_id: str) -> str:
    """Escaped; its id where it is there no more."""
    article = desk.store.knowledge.article(article_id)
    return escape_within(article.title if article else article_id, TITLE_MAX)


def _is_hidden(desk: Desk) -> bool:
    """Where somebody from outside can read the leads' channel, it holds nobody's words."""
    channel = desk.settings.leads_channel
    return bool(channel) and desk.people.barriers(channel) not in ((), LEFT)


def _post(channel: str, key: str, message: Block, thread_ts: str = "") -> Call:
    mark = {"event_type": ids.NOTICE_EVENT, "event_payload": {"key": digest(key)}}
    where = {"channel": channel, **({"thread_ts": thread_ts} if thread_ts else {})}
    return Call("chat.postMessage", {**where, "metadata": mark, **POST_QUIETLY, **message})
