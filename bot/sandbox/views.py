"""Views as Slack keeps them: a stack of at most three modals per person, and one Home tab each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.ids import Ids
from bot.sandbox.stream import Stream
from bot.sandbox.world import InstalledApp

MAX_STACK = 3

Json = dict[str, Any]


@dataclass
class View:
    """One open modal, or one person's Home."""

    id: str
    user_id: str
    content: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)


class Views:
    """Opens, pushes, updates, publishes and closes views."""

    def __init__(self, app: InstalledApp, team_id: str, ids: Ids, stream: Stream) -> None:
        self._app = app
        self._team_id = team_id
        self._ids = ids
        self._stream = stream
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def open(self, user_id: str, content: Json) -> View:
        """Open a modal in place of whatever this person has open."""
        self._refuse_duplicate_external_id(content)
        view_id = self._ids.make("V")
        view = View(view_id, user_id, content, self._hash(), root_id=view_id)
        self.stacks[user_id] = [view]
        self._show(view)
        return view

    def push(self, user_id: str, content: Json) -> View:
        """Put a modal on top of the open ones. Raises SlackError when three are open or none."""
        stack = self.stacks.get(user_id, [])
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= MAX_STACK:
            raise SlackError("push_limit_reached")
        self._refuse_duplicate_external_id(content)
        view = View(self._ids.make("V"), user_id, content, self._hash(), root_id=stack[0].id, previous_id=stack[-1].id)
        stack.append(view)
        self._show(view)
        return view

    def update(self, view: View, content: Json, expected_hash: str | None = None) -> View:
        """Replace what a view shows. Raises SlackError when it changed since `expected_hash`."""
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._refuse_duplicate_external_id(content, besides=view)
        view.content = content
        view.hash = self._hash()
        kept = {block.get("block_id") for block in content["blocks"]}
        view.values = {block_id: values for block_id, values in view.values.items() if block_id in kept}
        self._show(view)
        return view

    def publish(self, user_id: str, content: Json, expected_hash: str | None = None) -> View:
        """Set one person's Home."""
        home = self.homes.get(user_id)
        if home is not None:
            return self.update(home, content, expected_hash)
        view_id = self._ids.make("V")
        self.homes[user_id] = View(view_id, user_id, content, self._hash(), root_id=view_id)
        self._show(self.homes[user_id])
        return self.homes[user_id]

    def find(self, view_id: str | None = None, external_id: str | None = None) -> View:
        """An open view. Raises SlackError when the person has closed it, or it never was."""
        for view in self._all():
            if view_id is not None and view.id == view_id:
                return view
            if external_id and view.content.get("external_id") == external_id:
                return view
        raise SlackError("not_found")

    def close(self, view: View) -> None:
        """Take a modal away, with whatever stands on top of it."""
        stack = self.stacks.get(view.user_id, [])
        if view in stack:
            del stack[stack.index(view) :]
        self._stream.publish({"type": "view_closed", "view_id": view.id}, {view.user_id})

    def clear(self, user_id: str) -> list[View]:
        """Close every modal of one person, and say which they were."""
        closed = self.stacks.pop(user_id, [])
        for view in closed:
            self._stream.publish({"type": "view_closed", "view_id": view.id}, {user_id})
        return closed

    def render(self, view: View) -> Json:
        """The view object as payloads and the Web API carry it."""
        content = view.content
        is_modal = content["type"] == "modal"
        rendered = {
            "id": view.id,
            "team_id": self._team_id,
            "type": content["type"],
            "blocks": content["blocks"],
            "private_metadata": content.get("private_metadata", ""),
            "callback_id": content.get("callback_id", ""),
            "state": {"values": view.values},
            "hash": view.hash,
            "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(content.get("clear_on_close", False)),
            "notify_on_close": bool(content.get("notify_on_close", False)),
            "close": content.get("close"),
            "submit": content.get("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self._app.id,
            "external_id": content.get("external_id", ""),
            "app_installed_team_id": self._team_id,
            "bot_id": self._app.bot_id,
        }
        return {**rendered, "submit_disabled": bool(content.get("submit_disabled", False))} if is_modal else rendered

    def _all(self) -> list[View]:
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())

    def _hash(self) -> str:
        return f"{self._ids.timestamp().split('.')[0]}.{self._ids.secret(8)}"

    def _refuse_duplicate_external_id(self, content: Json, besides: View | None = None) -> None:
        external_id = content.get("external_id")
        if external_id and any(
            view is not besides and view.content.get("external_id") == external_id for view in self._all()
        ):
            raise SlackError("duplicate_external_id")

    def _show(self, view: View) -> None:
        self._stream.publish({"type": "view", "view": self.render(view)}, {view.user_id})
