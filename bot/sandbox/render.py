"""How Slack shows its objects to the outside: users, channels, messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.rich_text import build_rich_text
from bot.sandbox.state import Channel, Message, State, User, UserGroup

Json = dict[str, Any]


def render_user(user: User, state: State) -> Json:
    """A user as users.info returns it, without the fields that need users:read.email."""
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "profile": _profile(user),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": user.team_id != state.team.id,
        "updated": 1_760_000_000,
    }


def _profile(user: User) -> Json:
    profile = {
        "title": user.title,
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.real_name,
        "display_name_normalized": user.real_name,
        "status_text": "",
        "status_emoji": "",
        "team": user.team_id,
    }
    if user.is_bot:
        profile |= {"bot_id": user.bot_id or "", "api_app_id": user.app_id or ""}
    return profile


def render_channel(channel: Channel, state: State, reader_id: str) -> Json:
    """A conversation as conversations.info returns it to `reader_id`."""
    if channel.is_im:
        other = next((member for member in channel.members if member != reader_id), reader_id)
        return {"id": channel.id, "created": 1_760_000_000, "is_im": True, "user": other, "is_archived": False}
    shared = state.is_shared(channel)
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "created": 1_760_000_000,
        "creator": channel.creator,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_member": reader_id in channel.members,
        "context_team_id": state.team.id,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "previous_names": [],
    }


def render_usergroup(group: UserGroup, state: State, with_users: bool) -> Json:
    """A user group as usergroups.list returns it."""
    rendered = {
        "id": group.id,
        "team_id": state.team.id,
        "is_usergroup": True,
        "name": group.name,
        "handle": group.handle,
        "description": "",
        "is_external": False,
        "date_delete": 0,
        "user_count": len(group.users),
    }
    return {**rendered, "users": list(group.users)} if with_users else rendered


def render_message(message: Message, state: State, *, with_metadata: bool = False) -> Json:
    """A message as conversations.history returns it; metadata only where it was asked for."""
    rendered: Json = {"type": "message", **_author(message, state), "ts": message.ts, "text": message.text}
    if message.subtype:
        rendered["subtype"] = message.subtype
    if message.inviter:
        rendered["inviter"] = message.inviter
    if message.client_msg_id:
        rendered["client_msg_id"] = message.client_msg_id
    if message.blocks:
        rendered["blocks"] = message.blocks
    elif message.is_typed and message.text:
        rendered["blocks"] = [build_rich_text(message.text, f"rt{message.ts[-5:]}")]
    if message.attachments:
        rendered["attachments"] = message.attachments
    if message.edited:
        rendered["edited"] = message.edited
    if message.metadata and with_metadata:
        rendered["metadata"] = message.metadata
    if message.reactions:
        rendered["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
    return {**rendered, **_thread_fields(message, state)}


def render_for_window(message: Message, state: State) -> Json:
    """A message as a person's window gets it: what was typed comes as text alone."""
    rendered = render_message(message, state, with_metadata=True)
    if message.is_typed:
        rendered.pop("blocks", None)
    if message.only_for is not None:
        rendered["is_ephemeral"] = True
    rendered.setdefault("reactions", [])
    if not message.is_reply:
        rendered.setdefault("reply_count", 0)
        rendered.setdefault("reply_users", [])
        rendered.setdefault("latest_reply", None)
    return rendered


def _author(message: Message, state: State) -> Json:
    author: Json = {}
    if message.user:
        author["user"] = message.user
        author["team"] = state.users[message.user].team_id if message.user in state.users else state.team.id
    if message.bot_id:
        author |= {"bot_id": message.bot_id, "app_id": message.app_id}
        bot = state.bot_user(message.bot_id)
        if bot is not None and message.subtype != "bot_message":
            author["bot_profile"] = {
                "id": message.bot_id,
                "app_id": message.app_id,
                "user_id": bot.id,
                "name": bot.real_name,
                "team_id": bot.team_id,
                "deleted": False,
                "updated": 1_760_000_000,
            }
    if message.username:
        author["username"] = message.username
    return author


def _thread_fields(message: Message, state: State) -> Json:
    channel = state.channels[message.channel_id]
    if message.is_reply:
        assert message.thread_ts is not None
        root = channel.messages.get(message.thread_ts)
        parent = (root.user or root.bot_id) if root is not None else None
        return {"thread_ts": message.thread_ts, **({"parent_user_id": parent} if parent else {})}
    replies = channel.thread(message.ts) if message.only_for is None else []
    if not replies:
        return {}
    authors = list(dict.fromkeys(reply.user or reply.bot_id or "" for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users_count": len(authors),
        "reply_users": authors[:5],
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": False,
    }
