"""What Slack delivers becomes a durable row before Bolt acknowledges it.

Events are acknowledged by Bolt itself before any listener runs, so the only place to keep them is global
middleware: if the row cannot be written it raises, nothing is acknowledged, and Slack delivers again.
Each row's key is made from the delivery's own ids, so a second delivery changes nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltResponse

from bot import ids
from bot.people import Identity

log = logging.getLogger("aitl.bot")

Json = Mapping[str, Any]

CLICKS, EVENTS, DRAFTS = "clicks", "events", "drafts"
ASKED = "asked"  # drafts that an agent asked for
# What may take long: who serves and new knowledge, as an index may have to be built first, and a team's figures.
DEPLOYS = "deploys"
_SLOW_ACTIONS = ("deploy", "metrics")
_SLOW_COMMANDS = ("metrics",)
# Reactions are clicks too: adding and taking away must be worked off in the order they came.
_EVENT_LANES = {
    "message": EVENTS,
    "reaction_added": CLICKS,
    "reaction_removed": CLICKS,
    "app_home_opened": EVENTS,
    "member_joined_channel": EVENTS,
    "member_left_channel": EVENTS,
    "channel_shared": EVENTS,
    "channel_unshared": EVENTS,
    "channel_id_changed": EVENTS,
    "tokens_revoked": EVENTS,
    "app_uninstalled": EVENTS,
    "channel_archive": EVENTS,
    "channel_unarchive": EVENTS,
    "channel_deleted": EVENTS,
    "channel_left": EVENTS,
    "group_archive": EVENTS,
    "group_unarchive": EVENTS,
    "group_deleted": EVENTS,
    "group_left": EVENTS,
    "user_change": EVENTS,
    "subteam_members_changed": EVENTS,
    "subteam_updated": EVENTS,
}
# Buttons that only open a view leave nothing to work off: the trigger lives for three seconds.
_ACTION_KINDS = {
    ids.AGAIN: "again",
    ids.NOT_A_CASE: "not_a_case",
    ids.UNDO: "undo",
    ids.SEND_ANYWAY: "send_anyway",
    ids.WATCH_CHANNEL: "watch_channel",
    ids.LEAVE_CHANNEL: "watch_channel",
    ids.HELD_ACCEPT: "held",
    ids.HELD_DROP: "held",
    ids.AUDIT_AGREE: "audit",
    ids.AUDIT_DISAGREE: "audit",
    ids.PROMOTE: "deploy",
    ids.ROLL_BACK: "deploy",
    ids.ALL_FIGURES: "metrics",
    ids.SHARE_METRICS: "metrics",
    ids.NEWS_OFF: ids.NEWS,
    ids.NEWS_ON: ids.NEWS,
}
_ACTION_FAMILIES = (
    (ids.PREFERENCE_PATTERN, "preference"),
    (ids.USE_PATTERN, "use"),
    (ids.RELEVANCE_PATTERN, "relevance"),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row for the inbox."""

    key: str
    kind: str
    lane: str
    payload: dict[str, Any]


def delivery_of(body: Json, ourselves: Identity) -> Delivery | None:
    """The row this payload becomes; None where there is nothing to remember."""
    kind = body.get("type")
    if body.get("command") == ids.COMMAND:
        return None if opens_a_form(body) else _command(body)
    if kind == "event_callback":
        return _event(body, ourselves)
    if kind == "block_actions":
        return _action(body)
    if kind == "message_action" and body.get("callback_id") == ids.DRAFT_REPLIES:
        return _message_shortcut(body)
    return None


def opens_a_form(body: Json) -> bool:
    """Whether a command does, like some buttons: it leaves nothing to work off, as the trigger lives three seconds."""
    return str(body.get("text", "")).strip().lower() == ids.CONFIG


def submission(body: Json, kind: str, payload: dict[str, Any]) -> Delivery:
    """The row of an accepted form; the same answers sent twice are one."""
    view = body["view"]
    answers = json.dumps(view["state"]["values"], sort_keys=True)
    digest = hashlib.sha256(answers.encode()).hexdigest()[:16]
    return Delivery(f"view:{view['id']}:{digest}", kind, CLICKS, {"user": body["user"]["id"], **payload})


def keep(put: Callable[[Delivery], None], ourselves: Identity) -> Callable[..., BoltResponse]:
    """The middleware. `put` stores a row, or raises and so leaves the delivery unacknowledged.

    What is stored is acknowledged right here: no listener has anything to add, and Bolt looks only every 10 ms
    whether one has acknowledged.
    """

    def keep_delivery(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:  # Bolt passes by name
        delivery = delivery_of(body, ourselves)
        if delivery is None:
            return next()
        put(delivery)
        return BoltResponse(status=200)

    return keep_delivery


def _event(body: Json, ourselves: Identity) -> Delivery | None:
    event = dict(body["event"])
    kind = event.get("type", "")
    if kind not in _EVENT_LANES or _is_our_own_update(event, ourselves.bot_id):
        return None
    if not _is_for(ourselves.team_id, body):
        log.warning("an event of another workspace was left alone: %s", body["event_id"])
        return None
    return Delivery(f"event:{body['event_id']}", kind, _EVENT_LANES[kind], event)


def _is_for(team_id: str, body: Json) -> bool:
    """Whether our installation may see this event. One app's deliveries come from every workspace that installed it.

    Who clicked or commanded from elsewhere needs no such test: people of other workspaces are strangers here.
    """
    installations = body.get("authorizations") or ()
    if installations:
        return any(one.get("team_id") == team_id for one in installations)
    return bool(body.get("team_id", team_id) == team_id)


def _is_our_own_update(event: Json, own_bot_id: str) -> bool:
    """Bolt drops our own messages, but not the news that we updated or deleted one."""
    about = event.get("message") or event.get("previous_message") or {}
    return event.get("subtype") in ("message_changed", "message_deleted") and about.get("bot_id") == own_bot_id


def _action(body: Json) -> Delivery | None:
    action = body["actions"][0]
    kind = _kind_of(action["action_id"])
    if kind is None:
        return None
    container = body.get("container") or {}
    message = body.get("message") or {}
    ts = container.get("message_ts", "")
    payload = {
        "user": body["user"]["id"],
        "channel": (body.get("channel") or {}).get("id") or container.get("channel_id", ""),
        "ts": ts,
        "thread_ts": container.get("thread_ts") or message.get("thread_ts") or "",
        "action_id": action["action_id"],
        "block_id": action.get("block_id", ""),
        "value": action.get("value") or (action.get("selected_option") or {}).get("value", ""),
        "action_ts": action.get("action_ts", ""),
        "response_url": body.get("response_url", ""),
    }
    parts = (body.get("team", {}).get("id", ""), ts, action["action_id"], payload["user"], payload["action_ts"])
    return Delivery("action:" + ":".join(parts), kind, DEPLOYS if kind in _SLOW_ACTIONS else CLICKS, payload)


def _kind_of(action_id: str) -> str | None:
    for pattern, kind in _ACTION_FAMILIES:
        if pattern.match(action_id):
            return kind
    return _ACTION_KINDS.get(action_id)


def _command(body: Json) -> Delivery:
    payload = {
        "user": body["user_id"],
        "channel": body.get("channel_id", ""),
        "text": body.get("text", ""),
        "response_url": body.get("response_url", ""),
    }
    lane = DEPLOYS if payload["text"].strip().lower().startswith(_SLOW_COMMANDS) else CLICKS
    return Delivery(f"command:{body['trigger_id']}", "command", lane, payload)


def _message_shortcut(body: Json) -> Delivery:
    message = body["message"]
    payload = {
        "user": body["user"]["id"],
        "channel": body["channel"]["id"],
        "ts": message["ts"],
        "root_ts": message.get("thread_ts") or message["ts"],
        "response_url": body.get("response_url", ""),
    }
    return Delivery(f"shortcut:{body['trigger_id']}", ids.DRAFT_REPLIES, EVENTS, payload)
