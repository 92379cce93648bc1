"""The message shortcut `draft_replies`: any message becomes a case, with what its thread says so far."""

from __future__ import annotations

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks.notes import build_note
from bot.desk import Desk, moment
from bot.listeners.case import author_of
from bot.listeners.place import require_drafts
from bot.message_text import message_text
from core.errors import NotAllowed
from core.store.records import Work
from core.values import Turn

NOT_A_MEMBER = "I am not in this channel, so I can't draft replies here. Invite me with /invite, then try again."


def work_draft_replies(work: Work, desk: Desk) -> None:
    """Open the case of the message's thread and have it drafted."""
    click = work.payload
    desk.permissions.require("draft_replies", click["user"])
    channel, root_ts = click["channel"], click["root_ts"]
    try:
        messages = _thread(channel, root_ts, desk)
    except SlackApiError as error:
        if error.response["error"] not in ("not_in_channel", "channel_not_found", "missing_scope"):
            raise
        raise NotAllowed(NOT_A_MEMBER) from error
    require_drafts(desk, channel)
    known = desk.store.cases.by_thread(desk.identity.team_id, channel, root_ts)
    if known is not None and desk.store.suggestions.latest(known.id) is not None:
        withdrawn = known.status == "withdrawn"
        note = "withdrawn as not a case" if withdrawn else "a case already; its drafts are in its thread"
        desk.answer(work.key, click["response_url"], build_note(f"This thread is {note} ({known.id})."))
        return
    turns = _turns(messages, desk)
    if not turns or turns[0].key != root_ts:
        raise NotAllowed("There are no words in this message that I could draft replies to.")
    _open(channel, root_ts, author_of(messages[0]), turns, desk)


def _thread(channel: str, root_ts: str, desk: Desk) -> list[dict[str, Any]]:
    answer = desk.client.conversations_replies(channel=channel, ts=root_ts, limit=200)
    return list(answer["messages"])


def _turns(messages: list[dict[str, Any]], desk: Desk) -> list[Turn]:
    """The root's author is the customer's side, other people the agents'; other bots are not listened to."""
    customer = author_of(messages[0])
    turns = []
    for message in messages:
        text = message_text(message)
        is_customer = author_of(message) == customer
        if text and (is_customer or not message.get("bot_id")):
            turns.append(Turn("customer" if is_customer else "agent", text, message["ts"], moment(message["ts"])))
    return turns


def _open(channel: str, root_ts: str, author: str, turns: list[Turn], desk: Desk) -> None:
    with desk.together():
        case, _ = desk.store.cases.open(desk.identity.team_id, channel, root_ts, author, turns[0])
        for turn in turns[1:]:
            desk.store.cases.add_turn(case.id, turn)
        desk.draft(case.id, 1)
