"""reactions.* methods: emoji on messages, as the app itself."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.render import render_message
from bot.sandbox.state import Message
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]

MAX_REACTIONS_EACH = 23


def add(call: Call) -> Json:
    """Put an emoji on a message."""
    message = _message(call)
    bot = call.slack.app.bot_user_id
    own = sum(bot in users for users in message.reactions.values())
    if own >= MAX_REACTIONS_EACH:
        raise SlackError("too_many_reactions")
    if not call.slack.workspace.react(message, bot, _name(call)):
        raise SlackError("already_reacted")
    return {}


def remove(call: Call) -> Json:
    """Take the app's emoji off a message."""
    if not call.slack.workspace.unreact(_message(call), call.slack.app.bot_user_id, _name(call)):
        raise SlackError("no_reaction")
    return {}


def get(call: Call) -> Json:
    """A message with its reactions."""
    message = _message(call)
    return {
        "type": "message",
        "channel": message.channel_id,
        "message": render_message(message, call.slack.state),
    }


def _message(call: Call) -> Message:
    channel = call.channel(member=True)
    if channel.is_archived:
        raise SlackError("is_archived")
    return call.message(channel, str(call.args["timestamp"]))


def _name(call: Call) -> str:
    name = str(call.args["name"]).strip(":")
    if not name:
        raise SlackError("invalid_name")
    return name


METHODS = (
    Method("reactions.add", add, "t3", ("reactions:write",), ("channel", "name", "timestamp")),
    Method("reactions.remove", remove, "t2", ("reactions:write",), ("channel", "name", "timestamp")),
    Method("reactions.get", get, "t3", ("reactions:read",), ("channel", "timestamp"), ("full",)),
)
