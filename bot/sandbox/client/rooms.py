"""What people do with channels: inviting, removing, archiving, taking into use again, creating."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.client.request import ClientRequest
from bot.sandbox.errors import ClientError
from bot.sandbox.state import User

Json = dict[str, Any]


def invite(request: ClientRequest) -> Json:
    """Make somebody, oneself included, a member of a channel."""
    channel = request.channel
    invited = _named_user(request)
    if invited.id in channel.members:
        raise ClientError(f"{invited.real_name} is already in #{channel.name}.")
    inviter = None if invited.id == request.user.id else request.user.id
    if inviter is not None and inviter not in channel.members:
        raise ClientError(f"{request.user.real_name} is not in #{channel.name}; join it first.", 403)
    request.slack.workspace.join(channel, invited.id, inviter)
    return {"ok": True}


def kick(request: ClientRequest) -> Json:
    """End somebody's membership, or one's own."""
    channel = request.own_channel
    removed = _named_user(request)
    if removed.id not in channel.members:
        raise ClientError(f"{removed.real_name} is not in #{channel.name}.")
    request.slack.workspace.leave(channel, removed.id)
    return {"ok": True}


def archive(request: ClientRequest) -> Json:
    """Close a channel to everybody."""
    request.slack.workspace.archive(request.own_channel, request.user.id)
    return {"ok": True}


def unarchive(request: ClientRequest) -> Json:
    """Take an archived channel into use again."""
    request.slack.workspace.unarchive(request.channel, request.user.id)
    return {"ok": True}


def create(request: ClientRequest) -> Json:
    """Open a new channel."""
    name = request.text("name").removeprefix("#")
    if not re.fullmatch(r"[a-z0-9_-]{1,80}", name):
        raise ClientError(f"{name!r} is no channel name: use lower-case letters, digits, - and _, at most 80.")
    if any(channel.name == name for channel in request.slack.state.channels.values()):
        raise ClientError(f"There is a channel #{name} already.")
    is_private = bool(request.args.get("is_private", False))
    channel = request.slack.workspace.create_channel(name, request.user.id, is_private=is_private)
    return {"channel": channel.id}


def _named_user(request: ClientRequest) -> User:
    user = request.slack.state.users.get(request.text("invited"))
    if user is None or user.deleted:
        raise ClientError(f"There is no user {request.args.get('invited')!r}.", 404)
    return user
