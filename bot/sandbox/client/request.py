"""One thing somebody wants to do in their window: who they are, and what they name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ClientError
from bot.sandbox.local import LocalSlack
from bot.sandbox.state import Channel, Message, User

Json = dict[str, Any]


@dataclass(frozen=True)
class ClientRequest:
    """The arguments of a request; every getter raises ClientError with a sentence for the person."""

    slack: LocalSlack
    args: Json

    def text(self, name: str) -> str:
        """A string that must be there, and may be empty."""
        value = self.args.get(name)
        if not isinstance(value, str):
            raise ClientError(f"{name} is missing; send it as text.")
        return value

    def maybe(self, name: str) -> str | None:
        """A string that may be left out."""
        value = self.args.get(name)
        return str(value) if value not in (None, "") else None

    @property
    def user(self) -> User:
        """Who acts."""
        user = self.slack.state.users.get(self.text("user"))
        if user is None or user.deleted:
            raise ClientError(f"There is no user {self.args.get('user')!r}.", 404)
        return user

    @property
    def channel(self) -> Channel:
        """The conversation named, if this user may see it."""
        channel = self.slack.state.channels.get(self.text("channel"))
        if channel is None or not self.slack.state.may_see(channel, self.user):
            raise ClientError(f"There is no channel {self.args.get('channel')!r}.", 404)
        return channel

    @property
    def own_channel(self) -> Channel:
        """The conversation named, in which this user may write."""
        channel = self.channel
        if channel.is_archived:
            raise ClientError(f"#{channel.name} is archived.")
        if self.user.id not in channel.members:
            raise ClientError(f"{self.user.real_name} is not in #{channel.name}; join it first.", 403)
        return channel

    def message(self, channel: Channel, ts: str) -> Message:
        """A message this user sees."""
        message = channel.messages.get(ts)
        if message is None or message.only_for not in (None, self.user.id):
            raise ClientError(f"There is no message {ts} in #{channel.name}.", 404)
        return message
