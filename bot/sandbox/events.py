"""Which events the app is told, and in which wrapping: only what it subscribed to, may read and is near."""

from __future__ import annotations

from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery
from bot.sandbox.ids import Ids
from bot.sandbox.render import render_channel, render_message, render_user, render_usergroup
from bot.sandbox.state import Channel, Message, State, User, UserGroup
from bot.sandbox.text import mentioned_users
from bot.sandbox.world import InstalledApp

Json = dict[str, Any]

# Subscription -> scopes of which the app needs one; an empty tuple needs none.
EVENT_SCOPES: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_created": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_id_changed": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_deleted": ("groups:read",),
    "group_left": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "subteam_created": ("usergroups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}

_MESSAGE_SUBSCRIPTION = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}


class Events:
    """Turns what happens in the workspace into event payloads for the app."""

    def __init__(self, app: InstalledApp, state: State, delivery: Delivery, ids: Ids, clock: Clock) -> None:
        self._app = app
        self._state = state
        self._delivery = delivery
        self._ids = ids
        self._clock = clock

    def message_posted(self, channel: Channel, message: Message) -> None:
        """Somebody, perhaps the app itself, posted a message."""
        event = render_message(message, self._state) | {
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": channel.type,
        }
        self._send_message_event(channel, event)
        if self._app.bot_user_id in mentioned_users(message.text) and message.user != self._app.bot_user_id:
            mention = {key: value for key, value in event.items() if key != "channel_type"}
            self._send("app_mention", mention | {"type": "app_mention"}, channel)

    def message_changed(self, channel: Channel, message: Message, previous: Json) -> None:
        """A message was edited, updated, or turned into a tombstone."""
        ts = self._ids.timestamp()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "message": render_message(message, self._state),
            "previous_message": previous,
            "channel": channel.id,
            "hidden": True,
            "ts": ts,
            "event_ts": ts,
            "channel_type": channel.type,
        }
        self._send_message_event(channel, event)

    def message_deleted(self, channel: Channel, previous: Json) -> None:
        """A message is gone."""
        ts = self._ids.timestamp()
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": previous,
            "channel": channel.id,
            "hidden": True,
            "deleted_ts": previous["ts"],
            "ts": ts,
            "event_ts": ts,
            "channel_type": channel.type,
        }
        self._send_message_event(channel, event)

    def reaction(self, kind: str, user_id: str, name: str, message: Message) -> None:
        """A reaction came ("reaction_added") or went ("reaction_removed")."""
        event: Json = {
            "type": kind,
            "user": user_id,
            "reaction": name,
            "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
            "event_ts": self._ids.timestamp(),
        }
        if message.user:
            event["item_user"] = message.user
        self._send(kind, event, self._state.channels[message.channel_id])

    def membership(self, kind: str, user_id: str, channel: Channel, inviter_id: str | None = None) -> None:
        """Somebody joined ("member_joined_channel") or left ("member_left_channel")."""
        event: Json = {
            "type": kind,
            "user": user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self._state.team.id,
            "event_ts": self._ids.timestamp(),
        }
        if inviter_id is not None:
            event["inviter"] = inviter_id
        # The app also hears of its own leaving, when it is no longer a member.
        is_own = user_id == self._app.bot_user_id
        self._send(kind, event, None if is_own else channel)
        if is_own and kind == "member_left_channel":
            left = "group_left" if channel.is_private else "channel_left"
            at = self._ids.timestamp()
            self._send(left, {"type": left, "channel": channel.id, "actor_id": channel.creator, "event_ts": at}, None)

    def channel_event(self, kind: str, channel: Channel, user_id: str) -> None:
        """Something happened to a channel as a whole, such as "channel_archive"."""
        event: Json = {"type": kind, "channel": channel.id, "user": user_id, "event_ts": self._ids.timestamp()}
        if kind in ("channel_created", "channel_rename"):
            event["channel"] = render_channel(channel, self._state, user_id)
        self._send(kind, event, channel if channel.is_private else None)

    def channel_id_changed(self, channel: Channel, old_id: str) -> None:
        """A channel has a new id."""
        kind = "channel_id_changed"
        event = {"type": kind, "old_channel_id": old_id, "new_channel_id": channel.id}
        self._send(kind, event | {"event_ts": self._ids.timestamp()}, channel)

    def uninstalled(self) -> None:
        """The app was removed from the workspace, and its tokens with it."""
        tokens = {"oauth": [], "bot": [self._app.bot_user_id]}
        self._send("tokens_revoked", {"type": "tokens_revoked", "tokens": tokens}, None)
        self._send("app_uninstalled", {"type": "app_uninstalled"}, None)

    def home_opened(self, user_id: str, channel: Channel, view: Json | None) -> None:
        """Somebody opened the app's Home."""
        event: Json = {
            "type": "app_home_opened",
            "user": user_id,
            "channel": channel.id,
            "tab": "home",
            "event_ts": self._ids.timestamp(),
        }
        self._send("app_home_opened", event | ({"view": view} if view else {}), None)

    def user_changed(self, user: User) -> None:
        """A person's profile or standing changed."""
        event = {"type": "user_change", "user": render_user(user, self._state), "event_ts": self._ids.timestamp()}
        self._send("user_change", event, None)

    def group_members_changed(self, group: UserGroup, added: list[str], removed: list[str]) -> None:
        """Somebody joined or left a user group."""
        event = {
            "type": "subteam_members_changed",
            "subteam_id": group.id,
            "team_id": self._state.team.id,
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
            "event_ts": self._ids.timestamp(),
        }
        self._send("subteam_members_changed", event, None)
        updated = {"type": "subteam_updated", "subteam": render_usergroup(group, self._state, with_users=True)}
        self._send("subteam_updated", updated | {"event_ts": self._ids.timestamp()}, None)

    def _send_message_event(self, channel: Channel, event: Json) -> None:
        self._send(_MESSAGE_SUBSCRIPTION[channel.type], event, channel)

    def _send(self, subscription: str, event: Json, channel: Channel | None) -> None:
        if not self._is_told(subscription, channel):
            return
        team_id = self._state.team.id
        authorization = {
            "enterprise_id": None,
            "team_id": team_id,
            "user_id": self._app.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        self._delivery.send_event(
            {
                "token": self._app.verification_token,
                "team_id": team_id,
                "context_team_id": team_id,
                "context_enterprise_id": None,
                "api_app_id": self._app.id,
                "event": event,
                "type": "event_callback",
                "event_id": self._ids.make("Ev"),
                "event_time": int(self._clock.now()),
                "authorizations": [authorization],
                "is_ext_shared_channel": channel is not None and self._state.is_shared(channel),
                "event_context": self._ids.secret(40),
            }
        )

    def _is_told(self, subscription: str, channel: Channel | None) -> bool:
        manifest = self._app.manifest
        if subscription not in manifest.events:
            return False
        needed = EVENT_SCOPES.get(subscription, ())
        if needed and not manifest.scopes.intersection(needed):
            return False
        return channel is None or self._app.bot_user_id in channel.members
