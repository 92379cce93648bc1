"""The payloads Slack sends when somebody clicks, submits, closes, commands or takes a shortcut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.sandbox.elements import Placed
from bot.sandbox.handles import Handles
from bot.sandbox.ids import Ids
from bot.sandbox.render import render_message
from bot.sandbox.state import Channel, Message, State, User
from bot.sandbox.views import View, Views
from bot.sandbox.world import InstalledApp

Json = dict[str, Any]


@dataclass
class Interactions:
    """Builds interaction payloads of the true shape."""

    app: InstalledApp
    state: State
    views: Views
    handles: Handles
    ids: Ids
    base_url: str

    def message_action_payload(
        self, user: User, message: Message, placed: Placed, choice: Json, held: dict[str, dict[str, Json]]
    ) -> Json:
        """block_actions from a message; an ephemeral one comes without its text."""
        channel = self.state.channels[message.channel_id]
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": message.only_for is not None,
        }
        if message.thread_ts is not None:
            container["thread_ts"] = message.thread_ts
        payload = self._common("block_actions", user) | {
            "container": container,
            "trigger_id": self.handles.trigger(user.id, channel_id=channel.id),
            "channel": self._channel(channel),
            "state": {"values": held},
            "response_url": self._response_url(user, channel, message),
            "actions": [self._action(placed, choice)],
        }
        if message.only_for is None:
            payload["message"] = render_message(message, self.state)
        return payload

    def view_action_payload(self, user: User, view: View, placed: Placed, choice: Json) -> Json:
        """block_actions from a view: there is no channel, no message and no response_url."""
        return self._common("block_actions", user) | {
            "container": {"type": "view", "view_id": view.id},
            "trigger_id": self.handles.trigger(user.id, view_id=view.id),
            "view": self.views.render(view),
            "actions": [self._action(placed, choice)],
        }

    def submission_payload(self, user: User, view: View) -> Json:
        """view_submission, with a response address for each select that asked for one."""
        return self._common("view_submission", user) | {
            "trigger_id": self.handles.trigger(user.id, view_id=view.id),
            "view": self.views.render(view),
            "response_urls": self._response_urls(user, view),
        }

    def closed_payload(self, user: User, view: View, *, is_cleared: bool) -> Json:
        """view_closed, sent only where the view asked for it."""
        return self._common("view_closed", user) | {"view": self.views.render(view), "is_cleared": is_cleared}

    def global_shortcut_payload(self, user: User, callback_id: str) -> Json:
        """shortcut: taken from the composer, knows no channel."""
        return self._common("shortcut", user) | {
            "action_ts": self.ids.timestamp(),
            "callback_id": callback_id,
            "trigger_id": self.handles.trigger(user.id),
        }

    def message_shortcut_payload(self, user: User, message: Message, callback_id: str) -> Json:
        """message_action: taken from a message's menu, also where the app is no member."""
        channel = self.state.channels[message.channel_id]
        return self._common("message_action", user) | {
            "action_ts": self.ids.timestamp(),
            "callback_id": callback_id,
            "trigger_id": self.handles.trigger(user.id, channel_id=channel.id),
            "response_url": self._response_url(user, channel, None),
            "channel": self._channel(channel),
            "message_ts": message.ts,
            "message": render_message(message, self.state),
        }

    def command_payload(self, user: User, channel: Channel, command: str, text: str) -> Json:
        """A slash command: flat, and without any thread."""
        return {
            "token": self.app.verification_token,
            "team_id": self.state.team.id,
            "team_domain": self.state.team.domain,
            "channel_id": channel.id,
            "channel_name": self._channel(channel)["name"],
            "user_id": user.id,
            "user_name": user.name,
            "command": command,
            "text": text,
            "api_app_id": self.app.id,
            "is_enterprise_install": "false",
            "response_url": self._url(self.handles.response_token(user.id, channel.id)),
            "trigger_id": self.handles.trigger(user.id, channel_id=channel.id),
        }

    def _common(self, kind: str, user: User) -> Json:
        team = self.state.team
        return {
            "type": kind,
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
            "api_app_id": self.app.id,
            "token": self.app.verification_token,
            "team": {"id": team.id, "domain": team.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _action(self, placed: Placed, choice: Json) -> Json:
        element = placed.element
        shown = {key: element[key] for key in ("placeholder",) if key in element}
        return {
            "type": element["type"],
            "block_id": placed.block_id,
            "action_id": placed.action_id,
            **shown,
            **choice,
            "action_ts": self.ids.timestamp(),
        }

    def _channel(self, channel: Channel) -> Json:
        if channel.is_im:
            return {"id": channel.id, "name": "directmessage"}
        return {"id": channel.id, "name": "privategroup" if channel.is_private else channel.name}

    def _response_url(self, user: User, channel: Channel, message: Message | None) -> str:
        ts, thread_ts = (message.ts, message.thread_ts) if message is not None else (None, None)
        return self._url(self.handles.response_token(user.id, channel.id, ts, thread_ts))

    def _response_urls(self, user: User, view: View) -> list[Json]:
        urls = []
        for block in view.content["blocks"]:
            element = block.get("element") or {}
            if not element.get("response_url_enabled"):
                continue
            held = view.values.get(block["block_id"], {}).get(element["action_id"], {})
            channel_id = held.get("selected_conversation") or held.get("selected_channel")
            if channel_id:
                url = self._url(self.handles.response_token(user.id, channel_id))
                ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
                urls.append({**ids, "channel_id": channel_id, "response_url": url})
        return urls

    def _url(self, token: str) -> str:
        return f"{self.base_url}/hooks/{token}"
