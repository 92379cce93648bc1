"""conversations.* methods: reading channels, their members and their messages."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.render import render_channel, render_message
from bot.sandbox.state import Channel, Message
from bot.sandbox.webapi.method import HISTORY_SCOPES, READ_SCOPES, Call, Method

Json = dict[str, Any]

_TYPE_WORDS = {"channel": "public_channel", "group": "private_channel", "im": "im"}


def info(call: Call) -> Json:
    """One conversation."""
    channel = call.channel(READ_SCOPES)
    rendered = render_channel(channel, call.slack.state, call.slack.app.bot_user_id)
    if call.flag("include_num_members"):
        rendered["num_members"] = len(channel.members)
    return {"channel": rendered}


def history(call: Call) -> Json:
    """The messages that stand in the channel itself, newest first."""
    channel = call.channel(HISTORY_SCOPES, member=True)
    messages = [message for message in channel.messages.values() if message.only_for is None and message.is_in_channel]
    messages = list(reversed(_between(call, messages)))
    page, more = paginate(call, messages, default=100, largest=999)
    return {"messages": [_rendered(call, message) for message in page], "has_more": bool(more), **_cursor(more)}


def replies(call: Call) -> Json:
    """A thread, its root first."""
    channel = call.channel(HISTORY_SCOPES, member=True)
    root = channel.messages.get(str(call.args["ts"]))
    if root is None or root.only_for is not None:
        raise SlackError("thread_not_found")
    thread = [] if root.is_reply else _between(call, channel.thread(root.ts))
    page, more = paginate(call, [root, *thread], default=1000, largest=1000)
    return {"messages": [_rendered(call, message) for message in page], "has_more": bool(more), **_cursor(more)}


def list_conversations(call: Call) -> Json:
    """The channels the app may know of."""
    return _listed(call, _visible(call))


def users_conversations(call: Call) -> Json:
    """The channels in which somebody, by default the app, is a member."""
    user_id = str(call.args.get("user", call.slack.app.bot_user_id))
    if user_id not in call.slack.state.users:
        raise SlackError("user_not_found")
    return _listed(call, [channel for channel in _visible(call) if user_id in channel.members])


def members(call: Call) -> Json:
    """Who is in a conversation."""
    channel = call.channel(READ_SCOPES)
    page, more = paginate(call, list(channel.members), default=100, largest=1000)
    return {"members": page, **_cursor(more)}


def join(call: Call) -> Json:
    """Make the app a member of a public channel."""
    channel = call.channel()
    if channel.type != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    bot = call.slack.app.bot_user_id
    warning = {"warning": "already_in_channel"} if bot in channel.members else {}
    if not warning:
        call.slack.workspace.join(channel, bot)
    return {"channel": render_channel(channel, call.slack.state, bot), **warning}


def open_conversation(call: Call) -> Json:
    """The direct conversation between the app and one person."""
    users = str(call.args.get("users", ""))
    if users not in call.slack.state.users:
        raise SlackError("user_not_found" if users else "users_list_not_supplied")
    channel = call.slack.workspace.open_im(users, call.slack.app.bot_user_id)
    return {"channel": {"id": channel.id}}


def paginate(call: Call, items: list[Any], default: int, largest: int) -> tuple[list[Any], str]:
    """One page of `items`, and the cursor of the next ("" at the end)."""
    limit = call.number("limit", default, 1, largest)
    start = _read_cursor(str(call.args.get("cursor", "")))
    end = start + limit
    more = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], more


def _read_cursor(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError) as problem:
        raise SlackError("invalid_cursor") from problem


def _cursor(more: str) -> Json:
    return {"response_metadata": {"next_cursor": more}}


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = str(call.args.get("oldest", "0")), str(call.args.get("latest", "")) or "9" * 12
    inclusive = call.flag("inclusive")
    try:
        low, high = float(oldest), float(latest)
    except ValueError as problem:
        raise SlackError("invalid_ts_oldest") from problem
    return [
        message
        for message in messages
        if low < float(message.ts) < high or (inclusive and message.ts in (oldest, latest))
    ]


def _rendered(call: Call, message: Message) -> Json:
    return render_message(message, call.slack.state, with_metadata=call.flag("include_all_metadata"))


def _visible(call: Call) -> list[Channel]:
    wanted = [word.strip() for word in str(call.args.get("types", "public_channel")).split(",")]
    bot = call.slack.app.bot_user_id
    channels = [
        channel
        for channel in call.slack.state.channels.values()
        if _TYPE_WORDS[channel.type] in wanted and (channel.type == "channel" or bot in channel.members)
    ]
    for kind, word in _TYPE_WORDS.items():
        if word in wanted:
            call.need_scope(READ_SCOPES[kind])
    if call.flag("exclude_archived"):
        return [channel for channel in channels if not channel.is_archived]
    return channels


def _listed(call: Call, channels: list[Channel]) -> Json:
    page, more = paginate(call, channels, default=100, largest=999)
    bot = call.slack.app.bot_user_id
    return {"channels": [render_channel(channel, call.slack.state, bot) for channel in page], **_cursor(more)}


_PAGE = ("cursor", "limit")
_RANGE = (*_PAGE, "inclusive", "include_all_metadata", "latest", "oldest")
_READ = tuple(READ_SCOPES.values())
_HISTORY = tuple(HISTORY_SCOPES.values())

METHODS = (
    Method("conversations.info", info, "t3", _READ, ("channel",), ("include_locale", "include_num_members")),
    Method("conversations.history", history, "t3", _HISTORY, ("channel",), _RANGE),
    Method("conversations.replies", replies, "t3", _HISTORY, ("channel", "ts"), _RANGE),
    Method("conversations.list", list_conversations, "t2", _READ, (), (*_PAGE, "exclude_archived", "types")),
    Method("conversations.members", members, "t4", _READ, ("channel",), _PAGE),
    Method("conversations.join", join, "t3", ("channels:join",), ("channel",)),
    Method(
        "conversations.open",
        open_conversation,
        "t3",
        ("im:write", "mpim:write", "groups:write", "channels:manage"),
        (),
        ("channel", "return_im", "users", "prevent_creation"),
    ),
    Method("users.conversations", users_conversations, "t3", _READ, (), (*_PAGE, "exclude_archived", "types", "user")),
)
