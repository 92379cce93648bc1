"""What can happen in the workspace, whoever does it: every change is told to the app and to the open windows."""

from __future__ import annotations

from typing import Any

from bot.sandbox.events import Events
from bot.sandbox.ids import Ids
from bot.sandbox.render import render_for_window, render_message
from bot.sandbox.state import SLACKBOT, Channel, Message, State
from bot.sandbox.stream import Stream

Json = dict[str, Any]

TOMBSTONE_TEXT = "This message was deleted."


class Workspace:
    """Changes the state, and tells everybody who may know."""

    def __init__(self, state: State, events: Events, stream: Stream, ids: Ids) -> None:
        self.state = state
        self._events = events
        self._stream = stream
        self._ids = ids

    def post(self, message: Message) -> Message:
        """Post a message whose `ts` is still empty."""
        channel = self.state.channels[message.channel_id]
        message.ts = self._ids.timestamp()
        if message.is_typed:
            message.client_msg_id = self._ids.envelope_id()
        channel.add(message)
        if message.user:
            channel.last_read[message.user] = message.ts
        if message.only_for is None:
            self._events.message_posted(channel, message)
        self._show("message", channel, message)
        if message.is_reply and message.only_for is None and message.thread_ts in channel.messages:
            self._show("message_changed", channel, channel.messages[message.thread_ts])
        return message

    def change(self, message: Message, **changes: Any) -> None:
        """Change fields of a message that is there."""
        channel = self.state.channels[message.channel_id]
        previous = render_message(message, self.state)
        for name, value in changes.items():
            setattr(message, name, value)
        if message.only_for is None:
            self._events.message_changed(channel, message, previous)
        self._show("message_changed", channel, message)

    def delete(self, message: Message) -> None:
        """Delete a message; the root of a thread leaves a tombstone while it has replies."""
        channel = self.state.channels[message.channel_id]
        if not message.is_reply and channel.thread(message.ts):
            self._bury(message)
            return
        previous = render_message(message, self.state)
        channel.drop(message.ts)
        if message.only_for is None:
            self._events.message_deleted(channel, previous)
        self._show("message_deleted", channel, message)
        self._clear_tombstone(channel, message)

    def react(self, message: Message, user_id: str, name: str) -> bool:
        """Add a reaction; False if this user had it there already."""
        users = message.reactions.setdefault(name, [])
        if user_id in users:
            return False
        users.append(user_id)
        self._events.reaction("reaction_added", user_id, name, message)
        self._show("reaction", self.state.channels[message.channel_id], message)
        return True

    def unreact(self, message: Message, user_id: str, name: str) -> bool:
        """Take a reaction away; False if it was not there."""
        users = message.reactions.get(name, [])
        if user_id not in users:
            return False
        users.remove(user_id)
        if not users:
            del message.reactions[name]
        self._events.reaction("reaction_removed", user_id, name, message)
        self._show("reaction", self.state.channels[message.channel_id], message)
        return True

    def join(self, channel: Channel, user_id: str, inviter_id: str | None = None) -> None:
        """Make somebody a member; a channel that gains its first stranger becomes shared."""
        was_shared = self.state.is_shared(channel)
        channel.members.append(user_id)
        self._events.membership("member_joined_channel", user_id, channel, inviter_id)
        self._note(channel, user_id, "channel_join", "has joined the channel", inviter_id)
        if self.state.is_shared(channel) and not was_shared:
            self._events.channel_event("channel_shared", channel, inviter_id or user_id)
        self._show_channel(channel)

    def leave(self, channel: Channel, user_id: str) -> None:
        """End somebody's membership; a channel that loses its last stranger is no longer shared."""
        was_shared = self.state.is_shared(channel)
        channel.members.remove(user_id)
        self._events.membership("member_left_channel", user_id, channel)
        self._note(channel, user_id, "channel_leave", "has left the channel")
        if was_shared and not self.state.is_shared(channel):
            self._events.channel_event("channel_unshared", channel, user_id)
        self._show_channel(channel)

    def archive(self, channel: Channel, user_id: str) -> None:
        """Close a channel to everybody; its messages stay readable."""
        channel.is_archived = True
        self._events.channel_event("group_archive" if channel.is_private else "channel_archive", channel, user_id)
        self._show_channel(channel)

    def unarchive(self, channel: Channel, user_id: str) -> None:
        """Take an archived channel into use again; in here everybody is still a member."""
        channel.is_archived = False
        self._events.channel_event("group_unarchive" if channel.is_private else "channel_unarchive", channel, user_id)
        self._show_channel(channel)

    def delete_channel(self, channel: Channel, user_id: str) -> None:
        """Delete a channel with all that was said in it."""
        self._events.channel_event("group_deleted" if channel.is_private else "channel_deleted", channel, user_id)
        del self.state.channels[channel.id]
        self._show_channel(channel)

    def change_id(self, channel: Channel, new_id: str) -> None:
        """Give a channel another id, as happens when workspaces are merged."""
        old_id, channel.id = channel.id, new_id
        del self.state.channels[old_id]
        self.state.channels[new_id] = channel
        for message in channel.messages.values():
            message.channel_id = new_id
        self._events.channel_id_changed(channel, old_id)
        self._show_channel(channel)

    def convert(self, channel: Channel, user_id: str, *, is_private: bool) -> None:
        """Make a public channel private, or the other way round."""
        channel.is_private = is_private
        word = "private" if is_private else "public"
        text = f"made this channel *{word}*."
        self.post(Message(channel.id, "", text, user=user_id, subtype=f"channel_convert_to_{word}"))
        self._show_channel(channel)

    def create_channel(self, name: str, creator_id: str, *, is_private: bool) -> Channel:
        """Open a channel with its creator as the only member."""
        channel = Channel(
            id=self._ids.make("C"), name=name, creator=creator_id, is_private=is_private, members=[creator_id]
        )
        self.state.channels[channel.id] = channel
        self._events.channel_event("channel_created", channel, creator_id)
        self._show_channel(channel)
        return channel

    def open_im(self, user_id: str, bot_user_id: str) -> Channel:
        """The direct conversation between a person and a bot, made when there is none."""
        for channel in self.state.channels.values():
            if channel.is_im and set(channel.members) == {user_id, bot_user_id}:
                return channel
        channel = Channel(
            id=self._ids.make("D"), name=user_id, creator=user_id, is_im=True, members=[user_id, bot_user_id]
        )
        self.state.channels[channel.id] = channel
        self._show_channel(channel)
        return channel

    def set_status(self, channel: Channel, thread_ts: str, status: str) -> None:
        """Show, or with "" clear, what the app says it is doing in a thread."""
        update = {"type": "typing", "channel": channel.id, "thread_ts": thread_ts, "status": status}
        self._stream.publish(update, self._audience(channel))

    def _note(self, channel: Channel, user_id: str, subtype: str, words: str, inviter_id: str | None = None) -> None:
        text = f"<@{user_id}> {words}"
        self.post(Message(channel.id, "", text, user=user_id, subtype=subtype, inviter=inviter_id))

    def _bury(self, root: Message) -> None:
        # Slack sends message_changed here, not message_deleted: the thread goes on below a tombstone.
        state = {"text": TOMBSTONE_TEXT, "subtype": "tombstone", "user": SLACKBOT, "is_typed": False, "blocks": None}
        nobody = {"bot_id": None, "app_id": None, "username": None, "attachments": None, "metadata": None}
        self.change(root, **state, **nobody, reactions={}, edited=None)

    def _clear_tombstone(self, channel: Channel, reply: Message) -> None:
        root = channel.messages.get(reply.thread_ts or "")
        if root is None or root is reply:
            return
        if root.subtype == "tombstone" and not channel.thread(root.ts):
            self.delete(root)
        else:
            self._show("message_changed", channel, root)

    def _show(self, kind: str, channel: Channel, message: Message) -> None:
        update: Json = {"type": kind, "channel": channel.id, "ts": message.ts}
        if message.thread_ts is not None:
            update["thread_ts"] = message.thread_ts
        if kind != "message_deleted":
            update |= {"message": render_for_window(message, self.state)}
        audience = {message.only_for} if message.only_for is not None else self._audience(channel)
        self._stream.publish(update, audience)

    def _show_channel(self, channel: Channel) -> None:
        self._stream.publish({"type": "channel", "channel": channel.id}, None)

    def _audience(self, channel: Channel) -> set[str]:
        return {user.id for user in self.state.users.values() if self.state.may_see(channel, user)}
