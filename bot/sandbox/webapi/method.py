"""What the local Slack knows about one Web API method, and what a handler gets to see of one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.local import LocalSlack
from bot.sandbox.state import Channel, Message, User

Json = dict[str, Any]

READ_SCOPES = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY_SCOPES = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}


@dataclass(frozen=True)
class Call:
    """One call that has passed the checks of token, scope and arguments."""

    slack: LocalSlack
    method: str
    args: Json

    def need_scope(self, *any_of: str) -> None:
        """Raise SlackError unless the app has one of these scopes."""
        provided = self.slack.app.manifest.scopes
        if not provided.intersection(any_of):
            self.breach("missing_scope", f"needs one of the scopes {', '.join(any_of)}")
            raise SlackError("missing_scope", needed=",".join(any_of), provided=",".join(sorted(provided)))

    def breach(self, rule: str, detail: str) -> None:
        """Note that this call breaks one of Slack's rules."""
        self.slack.journal.breach(rule, f"{self.method}: {detail}")

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean argument, however it was written."""
        value = self.args.get(name, default)
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true")

    def number(self, name: str, default: int, smallest: int, largest: int) -> int:
        """A whole-number argument, kept within what Slack serves."""
        try:
            return max(smallest, min(largest, int(self.args.get(name, default))))
        except (TypeError, ValueError):
            self.breach("arguments", f"{name} is not a number")
            raise SlackError("invalid_arguments", response_metadata=_message(f"{name} is not a number")) from None

    def channel(self, scopes: dict[str, str] | None = None, *, member: bool = False) -> Channel:
        """The conversation that `channel` names, which the app may know of.

        scopes: the scope needed per type of conversation. member: the app must be in it.
        """
        channel = self.slack.state.channels.get(str(self.args["channel"]))
        is_member = channel is not None and self.slack.app.bot_user_id in channel.members
        if channel is None or (channel.type != "channel" and not is_member):
            raise SlackError("channel_not_found")
        if scopes is not None:
            self.need_scope(scopes[channel.type])
        if member and not is_member:
            raise SlackError("not_in_channel")
        return channel

    def user(self, name: str = "user") -> User:
        """The user whom an argument names."""
        user = self.slack.state.users.get(str(self.args[name]))
        if user is None:
            raise SlackError("user_not_found")
        return user

    def message(self, channel: Channel, ts: str) -> Message:
        """A message that everybody in the channel sees."""
        message = channel.messages.get(ts)
        if message is None or message.only_for is not None:
            raise SlackError("message_not_found")
        return message


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Method:
    """One Web API method: who may call it, with what, how often."""

    name: str
    handler: Handler
    tier: str
    scopes: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    token: str = "bot"
    any_argument: bool = False


def _message(text: str) -> Json:
    return {"messages": [f"[ERROR] {text}"]}
