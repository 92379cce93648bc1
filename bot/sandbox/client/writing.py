"""What people write: messages, edits, deletions, reactions."""

from __future__ import annotations

from typing import Any

from bot.sandbox.client.request import ClientRequest
from bot.sandbox.errors import ClientError
from bot.sandbox.fill_in import fill_in_blocks
from bot.sandbox.state import Message
from bot.sandbox.text import encode_typed

Json = dict[str, Any]


def post(request: ClientRequest) -> Json:
    """Post a message as a person types it, or as another app's bot sends it.

    Beyond text, a bot may send `blocks`, `attachments` and, like an old integration, a `username` of its own.
    """
    channel = request.own_channel
    user = request.user
    thread_ts = request.maybe("thread_ts")
    if thread_ts is not None:
        root = request.message(channel, thread_ts)
        thread_ts = root.thread_ts or root.ts
    text = request.text("text")
    if user.is_bot:
        return {"ts": request.slack.workspace.post(_bot_message(request, channel.id, thread_ts)).ts}
    if not text.strip():
        raise ClientError("Write something first.")
    message = Message(
        channel_id=channel.id,
        ts="",
        text=encode_typed(text, request.slack.state),
        user=user.id,
        thread_ts=thread_ts,
        is_typed=True,
    )
    return {"ts": request.slack.workspace.post(message).ts}


def edit(request: ClientRequest) -> Json:
    """Change one's own message."""
    message = _own_message(request)
    text = encode_typed(request.text("text"), request.slack.state)
    if text != message.text:
        edited = {"user": request.user.id, "ts": request.slack.ids.timestamp()}
        request.slack.workspace.change(message, text=text, edited=edited)
    return {"ok": True}


def delete(request: ClientRequest) -> Json:
    """Delete one's own message, or dismiss one that only this person sees."""
    message = request.message(request.channel, request.text("ts"))
    if message.only_for is None:
        message = _own_message(request)
    request.slack.workspace.delete(message)
    return {"ok": True}


def react(request: ClientRequest) -> Json:
    """Add an emoji to a message, or take it away."""
    channel = request.own_channel
    message = request.message(channel, request.text("ts"))
    if message.only_for is not None:
        raise ClientError("A message that only you can see takes no reactions.")
    name = request.text("name").strip(":")
    if not name:
        raise ClientError("Name the emoji.")
    change = request.slack.workspace.react if request.args.get("add", True) else request.slack.workspace.unreact
    change(message, request.user.id, name)
    return {"ok": True}


def _bot_message(request: ClientRequest, channel_id: str, thread_ts: str | None) -> Message:
    user = request.user
    username = request.maybe("username")
    blocks = request.args.get("blocks")
    return Message(
        channel_id=channel_id,
        ts="",
        text=request.text("text"),
        user=None if username else user.id,
        bot_id=user.bot_id,
        app_id=user.app_id,
        username=username,
        subtype="bot_message" if username else None,
        thread_ts=thread_ts,
        blocks=fill_in_blocks(blocks, request.slack.ids) if blocks else None,
        attachments=request.args.get("attachments"),
    )


def _own_message(request: ClientRequest) -> Message:
    message = request.message(request.own_channel, request.text("ts"))
    if message.user != request.user.id:
        raise ClientError("That message is somebody else's.", 403)
    return message
