"""A person in the local Slack, driven by a program over real HTTP: for tests and for scripted agents."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import httpx

from bot.sandbox.patience import Patience

Json = dict[str, Any]
T = TypeVar("T")

POLL_S = 0.05
REQUEST_TIMEOUT_S = 30.0


class Refused(Exception):
    """The person's window did not let them do it; the message is what they read."""


class NothingHappened(AssertionError):
    """What was waited for did not come; the message says what, and for how long."""


class Person:
    """One user of a sandbox; sees and does what that user could see and do on the page.

    Channels are given by name or id. Every method raises Refused when the window says no.
    """

    def __init__(self, url: str, user_id: str, channels: Mapping[str, str] | None = None) -> None:
        self.user_id = user_id
        self._channels = dict(channels or {})
        # The sandbox is on this machine: a proxy from the environment would only be in the way. Each request closes its
        # connection: one that a thread is just opening while another closes this client would stay open.
        self._http = httpx.Client(
            base_url=url, timeout=REQUEST_TIMEOUT_S, trust_env=False, headers={"Connection": "close"}
        )

    def close(self) -> None:
        """Close the connection to the sandbox."""
        self._http.close()

    def __enter__(self) -> Person:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def state(self) -> Json:
        """The workspace as this person's window shows it."""
        return self._get("state")

    def post(self, channel: str, text: str, thread_ts: str | None = None, **more: Any) -> str:
        """Post a message and return its ts; a bot may add blocks, attachments or a username."""
        given = {"channel": self._id(channel), "text": text, **more}
        return str(self._do("post", given | ({"thread_ts": thread_ts} if thread_ts else {}))["ts"])

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Change an own message."""
        self._do("edit", {"channel": self._id(channel), "ts": ts, "text": text})

    def delete(self, channel: str, ts: str) -> None:
        """Delete an own message, or dismiss one that only this person sees."""
        self._do("delete", {"channel": self._id(channel), "ts": ts})

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """The channel's root messages, or one thread with its root first, oldest first."""
        query = {"channel": self._id(channel)} | ({"thread_ts": thread_ts} if thread_ts else {})
        return list(self._get("messages", query)["messages"])

    def message(self, channel: str, ts: str) -> Json:
        """One message, root or reply. Raises Refused when this person does not see it."""
        for message in self.messages(channel):
            if message["ts"] == ts:
                return message
            if message.get("reply_count"):
                for reply in self.messages(channel, message["ts"]):
                    if reply["ts"] == ts:
                        return reply
        raise Refused(f"there is no message {ts} in {channel}")

    def click(
        self, channel: str, message_ts: str, action_id: str, value: Any = None, *, block_id: str | None = None
    ) -> Json:
        """Use an element of a message; for a menu, `value` is the option's value."""
        given = {"channel": self._id(channel), "message_ts": message_ts, "action_id": action_id}
        return self._do("action", _with(given, value=value, block_id=block_id))

    def click_in_view(
        self,
        view_id: str,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Json:
        """Use an element of an open view; `values`: what was typed before, by block_id."""
        given = {"view_id": view_id, "action_id": action_id, "values": dict(values or {})}
        return self._do("action", _with(given, value=value, block_id=block_id))

    def submit(self, view_id: str, values: Mapping[str, Any] | None = None) -> Json:
        """Submit a view with plain values by block_id: {ok, closed, errors?, view?}."""
        return self._do("submit", {"view_id": view_id, "values": dict(values or {})})

    def close_view(self, view_id: str) -> None:
        """Cancel a view."""
        self._do("close", {"view_id": view_id})

    def views(self) -> list[Json]:
        """The open views, the top one last."""
        return list(self._get("views")["views"])

    def react(self, channel: str, ts: str, name: str, *, add: bool = True) -> None:
        """Add an emoji to a message, or take it away."""
        self._do("react", {"channel": self._id(channel), "ts": ts, "name": name, "add": add})

    def command(self, text: str, channel: str = "support-cases", command: str = "/aitl") -> Json:
        """Send a slash command: {ok, acked, response?}; text is what follows the command."""
        return self._do("command", {"channel": self._id(channel), "command": command, "text": text})

    def shortcut(self, callback_id: str, channel: str | None = None, message_ts: str | None = None) -> Json:
        """Take a global shortcut, or one on a message."""
        where = {"channel": self._id(channel), "message_ts": message_ts} if channel else {}
        return self._do("shortcut", {"callback_id": callback_id, **where})

    def open_home(self) -> Json | None:
        """Open the app's Home; what it published so far, or None."""
        view = self._do("open_home", {})["view"]
        return dict(view) if view else None

    def invite(self, channel: str, user_id: str) -> None:
        """Make somebody a member of a channel."""
        self._do("invite", {"channel": self._id(channel), "invited": user_id})

    def kick(self, channel: str, user_id: str) -> None:
        """End somebody's membership."""
        self._do("kick", {"channel": self._id(channel), "invited": user_id})

    def archive(self, channel: str) -> None:
        """Close a channel to everybody."""
        self._do("archive", {"channel": self._id(channel)})

    def unarchive(self, channel: str) -> None:
        """Take an archived channel into use again."""
        self._do("unarchive", {"channel": self._id(channel)})

    def create_channel(self, name: str, *, is_private: bool = False) -> str:
        """Open a channel and return its id."""
        channel_id = str(self._do("create_channel", {"name": name, "is_private": is_private})["channel"])
        self._channels[name] = channel_id
        return channel_id

    def wait_for_reply(
        self, channel: str, thread_ts: str, wanted: Callable[[Json], bool], timeout_s: float = 10.0
    ) -> Json:
        """The first message of a thread, its root aside, that `wanted` accepts."""

        def look() -> Json | None:
            return next((reply for reply in self.messages(channel, thread_ts)[1:] if wanted(reply)), None)

        return wait_for(look, timeout_s, f"a reply in thread {thread_ts} of {channel}")

    def wait_for_view(self, callback_id: str, timeout_s: float = 5.0) -> Json:
        """The top view, once it is the one with this callback_id."""

        def look() -> Json | None:
            views = self.views()
            return views[-1] if views and views[-1]["callback_id"] == callback_id else None

        return wait_for(look, timeout_s, f"the view {callback_id}")

    def _id(self, channel: str) -> str:
        name = channel.removeprefix("#")
        if name not in self._channels and name.islower():
            self._channels |= {each["name"]: each["id"] for each in self.state()["channels"]}
        return self._channels.get(name, channel)

    def _get(self, name: str, query: Mapping[str, str] | None = None) -> Json:
        return _read(self._http.get(f"/client/{name}", params={"user": self.user_id, **(query or {})}))

    def _do(self, name: str, given: Json) -> Json:
        return _read(self._http.post(f"/client/{name}", json={"user": self.user_id, **given}))


def wait_for(look: Callable[[], T | None], timeout_s: float = 10.0, what: str = "what was expected") -> T:
    """Look again and again until there is something, and return it.

    Raises NothingHappened after `timeout_s`, on a machine that nobody else uses.
    """
    deadline = time.monotonic() + timeout_s * Patience.times
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise NothingHappened(f"waited {timeout_s:g} s for {what}, in vain")
        time.sleep(POLL_S)


def _with(given: Json, **more: Any) -> Json:
    return given | {name: value for name, value in more.items() if value is not None}


def _read(response: httpx.Response) -> Json:
    content = response.json()
    if response.status_code >= 400:
        raise Refused(str(content.get("error", content)))
    return dict(content)
