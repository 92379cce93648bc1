"""chat.* methods: posting, changing and deleting messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.render import render_message
from bot.sandbox.state import Channel, Message
from bot.sandbox.webapi.content import TEXT_ARGUMENTS, checked_thread, read_content
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]

MAX_UPDATE_TEXT = 4000


def post_message(call: Call) -> Json:
    """Post a message in a channel, a thread, or a person's direct conversation."""
    channel = _open_channel(call)
    content = read_content(call)
    slack = call.slack
    thread_ts = _checked_thread(call, channel)
    message = Message(
        channel_id=channel.id,
        ts="",
        user=slack.app.bot_user_id,
        bot_id=slack.app.bot_id,
        app_id=slack.app.id,
        thread_ts=thread_ts,
        subtype="thread_broadcast" if thread_ts and call.flag("reply_broadcast") else None,
        metadata=call.args.get("metadata"),
        **content,
    )
    slack.workspace.post(message)
    if thread_ts is not None:
        slack.workspace.set_status(channel, thread_ts, "")
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": render_message(message, slack.state, with_metadata=True),
    }


def post_ephemeral(call: Call) -> Json:
    """Show a message to one member of a channel only."""
    channel = _open_channel(call)
    user = call.user()
    if user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    message = Message(
        channel_id=channel.id,
        ts="",
        user=call.slack.app.bot_user_id,
        bot_id=call.slack.app.bot_id,
        app_id=call.slack.app.id,
        thread_ts=_checked_thread(call, channel),
        only_for=user.id,
        **read_content(call),
    )
    call.slack.workspace.post(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change one of the app's own messages; what is left out stays as it was."""
    channel = call.channel()
    message = call.message(channel, str(call.args["ts"]))
    if message.bot_id != call.slack.app.bot_id:
        call.breach("not_own_message", f"{message.ts} in {channel.name} is not the app's own message")
        raise SlackError("cant_update_message")
    if len(str(call.args.get("text", ""))) > MAX_UPDATE_TEXT:
        call.breach("text_too_long", f"text has more than {MAX_UPDATE_TEXT} characters")
        raise SlackError("msg_too_long")
    changes = read_content(call, before=message)
    if "metadata" in call.args:
        changes["metadata"] = call.args["metadata"] or None
    if _is_same(message, changes):
        return _updated(call, channel, message)
    edited = {"user": call.slack.app.bot_user_id, "ts": call.slack.ids.timestamp()}
    call.slack.workspace.change(message, **changes, edited=edited)
    return _updated(call, channel, message)


def delete(call: Call) -> Json:
    """Delete one of the app's own messages."""
    channel = call.channel()
    message = call.message(channel, str(call.args["ts"]))
    if message.bot_id != call.slack.app.bot_id:
        call.breach("not_own_message", f"{message.ts} in {channel.name} is not the app's own message")
        raise SlackError("cant_delete_message")
    call.slack.workspace.delete(message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """The address of a message."""
    channel = call.channel()
    message = call.message(channel, str(call.args["message_ts"]))
    link = f"{call.slack.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def set_status(call: Call) -> Json:
    """Show in a thread what the app is doing, until it posts or clears it."""
    channel = call.slack.state.channels.get(str(call.args["channel_id"]))
    if channel is None or call.slack.app.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    _checked_thread(call, channel)
    call.slack.workspace.set_status(channel, str(call.args["thread_ts"]), str(call.args["status"]))
    return {}


def _open_channel(call: Call) -> Channel:
    state = call.slack.state
    recipient = state.users.get(str(call.args["channel"]))
    if recipient is not None:
        return call.slack.workspace.open_im(recipient.id, call.slack.app.bot_user_id)
    channel = call.channel(member=True)
    if "username" in call.args or "icon_emoji" in call.args or "icon_url" in call.args:
        call.need_scope("chat:write.customize")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _checked_thread(call: Call, channel: Channel) -> str | None:
    return checked_thread(call.slack, call.method, channel, call.args.get("thread_ts"))


def _is_same(message: Message, changes: Json) -> bool:
    return all(getattr(message, name) == value for name, value in changes.items())


def _updated(call: Call, channel: Channel, message: Message) -> Json:
    rendered = render_message(message, call.slack.state, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": rendered}


_POST_ARGUMENTS = (*TEXT_ARGUMENTS, "as_user", "icon_emoji", "icon_url", "link_names", "mrkdwn", "parse", "username")

METHODS = (
    Method(
        "chat.postMessage",
        post_message,
        "special",
        scopes=("chat:write",),
        required=("channel",),
        optional=(
            *_POST_ARGUMENTS,
            *("thread_ts", "reply_broadcast", "unfurl_links", "unfurl_media", "metadata", "container_id"),
        ),
    ),
    Method(
        "chat.postEphemeral",
        post_ephemeral,
        "t4",
        scopes=("chat:write",),
        required=("channel", "user"),
        optional=(*_POST_ARGUMENTS, "thread_ts"),
    ),
    Method(
        "chat.update",
        update,
        "t3",
        scopes=("chat:write",),
        required=("channel", "ts"),
        optional=(
            *TEXT_ARGUMENTS,
            *("as_user", "file_ids", "link_names", "parse", "reply_broadcast", "metadata"),
            *("unfurl_links", "unfurl_media"),
        ),
    ),
    Method("chat.delete", delete, "t3", ("chat:write",), ("channel", "ts"), ("as_user",)),
    Method("chat.getPermalink", get_permalink, "special", required=("channel", "message_ts")),
    Method(
        "assistant.threads.setStatus",
        set_status,
        "special",
        scopes=("chat:write", "assistant:write"),
        required=("channel_id", "thread_ts", "status"),
        optional=("loading_messages", "icon_emoji", "icon_url", "username"),
    ),
)
