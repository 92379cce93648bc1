"""Who and what exists in the workspace: users, user groups, channels and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True)
class Team:
    """The workspace."""

    id: str
    name: str
    domain: str


@dataclass
class User:
    """A person or a bot; `is_stranger` belongs to another workspace, `is_restricted` is a guest."""

    id: str
    team_id: str
    name: str
    real_name: str
    title: str = ""
    color: str = "4a5568"
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None


@dataclass
class UserGroup:
    """People who can be named together."""

    id: str
    handle: str
    name: str
    users: list[str]


@dataclass
class SlackFile:
    """A file that the app uploads: `content` None until it has arrived, `shown_from` None until it was completed."""

    id: str
    name: str
    length: int
    alt_txt: str
    content: bytes | None = None
    shown_from: float | None = None  # seconds on the sandbox's clock: Slack takes a while to look it through

    @property
    def mimetype(self) -> str:
        """By its first bytes; anything but the pictures that blocks may show is application/octet-stream."""
        kinds = {b"\x89PNG": "image/png", b"GIF8": "image/gif", b"\xff\xd8\xff": "image/jpeg"}
        begin = self.content or b""
        return next((kind for mark, kind in kinds.items() if begin.startswith(mark)), "application/octet-stream")


@dataclass
class Message:
    """One message as it is kept; how Slack shows it is `render.py`'s business."""

    channel_id: str
    ts: str
    text: str
    user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    blocks: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] | None = None
    metadata: dict[str, Any] | None = None
    edited: dict[str, str] | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    only_for: str | None = None
    is_typed: bool = False
    inviter: str | None = None
    client_msg_id: str | None = None

    @property
    def is_reply(self) -> bool:
        """True inside a thread, but not for its root."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def is_in_channel(self) -> bool:
        """True where the message stands in the channel itself and not only in a thread."""
        return not self.is_reply or self.subtype == "thread_broadcast"


@dataclass
class Channel:
    """A channel, public or private, or a direct conversation with a bot."""

    id: str
    name: str
    creator: str
    topic: str = ""
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    last_read: dict[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The word that events use: "channel", "group" or "im"."""
        if self.is_im:
            return "im"
        return "group" if self.is_private else "channel"

    def thread(self, root_ts: str) -> list[Message]:
        """The replies to one root that everybody in the channel sees, oldest first."""
        return [self.messages[ts] for ts in self.replies.get(root_ts, ())]

    def add(self, message: Message) -> None:
        """Keep a new message."""
        self.messages[message.ts] = message
        if message.thread_ts is not None and message.is_reply and message.only_for is None:
            self.replies.setdefault(message.thread_ts, []).append(message.ts)

    def drop(self, ts: str) -> Message:
        """Forget a message, but not that it once existed."""
        message = self.messages.pop(ts)
        self.removed.add(ts)
        if message.thread_ts is not None and ts in self.replies.get(message.thread_ts, ()):
            self.replies[message.thread_ts].remove(ts)
        return message

    def visible(self, user_id: str) -> list[Message]:
        """Every message this user sees, oldest first."""
        return [message for message in self.messages.values() if message.only_for in (None, user_id)]


@dataclass
class State:
    """Everything there is, by id."""

    team: Team
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)
    files: dict[str, SlackFile] = field(default_factory=dict)

    def user_named(self, name: str) -> User:
        """The user with this handle, such as "ada". Raises KeyError."""
        for user in self.users.values():
            if user.name == name:
                return user
        raise KeyError(f"there is no user named {name!r}; there are {sorted(u.name for u in self.users.values())}")

    def channel_named(self, name: str) -> Channel:
        """The channel with this name, with or without "#". Raises KeyError."""
        wanted = name.removeprefix("#")
        for channel in self.channels.values():
            if channel.name == wanted:
                return channel
        raise KeyError(f"there is no channel {name!r}; there are {sorted(c.name for c in self.channels.values())}")

    def bot_user(self, bot_id: str | None) -> User | None:
        """The user behind a bot id."""
        return next((user for user in self.users.values() if bot_id and user.bot_id == bot_id), None)

    def is_shared(self, channel: Channel) -> bool:
        """True where somebody from another workspace is a member."""
        return any(self.users[member].is_stranger for member in channel.members if member in self.users)

    def may_see(self, channel: Channel, user: User) -> bool:
        """Members see a channel; full members of the workspace see public ones too."""
        if user.id in channel.members:
            return True
        return not (channel.is_private or channel.is_im or user.is_restricted or user.is_stranger)
