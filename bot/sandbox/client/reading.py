"""What a person sees: the workspace, messages, open views; and what testers read: breaches and the log."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.sandbox.client.emoji import EMOJI
from bot.sandbox.client.request import ClientRequest
from bot.sandbox.local import LocalSlack
from bot.sandbox.render import render_for_window
from bot.sandbox.state import SLACKBOT, Channel, Message, User

Json = dict[str, Any]


def workspace_state(request: ClientRequest) -> Json:
    """Team, people, channels, the app and what it offers; without a user, as the first person sees it."""
    slack = request.slack
    # A page opened for the first time names nobody yet; it starts as the first person there is.
    user = request.user if request.maybe("user") else next(iter(slack.state.users.values()))
    manifest = slack.app.manifest
    seen = [channel for channel in slack.state.channels.values() if slack.state.may_see(channel, user)]
    return {
        "team": asdict(slack.state.team),
        "me": _shown_user(slack, user),
        "users": [
            _shown_user(slack, person)
            for person in slack.state.users.values()
            if not person.deleted and person.id != SLACKBOT
        ],
        "channels": [_shown_channel(channel, user) for channel in seen],
        "app": {
            "id": slack.app.id,
            "name": slack.app.name,
            "bot_user_id": slack.app.bot_user_id,
            "online": bool(slack.delivery.wires),
        },
        "commands": [
            {"command": item.command, "description": item.description, "usage_hint": item.usage_hint}
            for item in manifest.commands
        ],
        "shortcuts": [asdict(shortcut) for shortcut in manifest.shortcuts],
        "emoji": EMOJI,
    }


def messages(request: ClientRequest) -> Json:
    """A channel's root messages, or one thread with its root first; marks them as read."""
    channel = request.channel
    user = request.user
    thread_ts = request.maybe("thread_ts")
    visible = channel.visible(user.id)
    if thread_ts is None:
        chosen = [message for message in visible if message.is_in_channel]
        channel.last_read[user.id] = max((message.ts for message in chosen), default="0")
    else:
        chosen = [message for message in visible if thread_ts in (message.ts, message.thread_ts)]
    return {"messages": [render_for_window(message, request.slack.state) for message in chosen]}


def views(request: ClientRequest) -> Json:
    """This person's open modals, the top one last."""
    stack = request.slack.views.stacks.get(request.user.id, [])
    return {"views": [request.slack.views.render(view) for view in stack]}


def home(request: ClientRequest) -> Json:
    """Open the app's Home: tells the app, and returns what it published so far."""
    slack = request.slack
    user = request.user
    view = slack.views.homes.get(user.id)
    rendered = slack.views.render(view) if view is not None else None
    slack.events.home_opened(user.id, slack.workspace.open_im(user.id, slack.app.bot_user_id), rendered)
    return {"view": rendered}


def violations(slack: LocalSlack) -> Json:
    """Every breach of Slack's rules by the app."""
    return {"violations": [asdict(breach) for breach in slack.journal.breaches]}


def _shown_user(slack: LocalSlack, user: User) -> Json:
    return {
        "id": user.id,
        "name": user.name,
        "real_name": user.real_name,
        "display_name": user.real_name,
        "title": user.title,
        "color": f"#{user.color}",
        "is_bot": user.is_bot,
        "is_restricted": user.is_restricted,
        "is_stranger": user.team_id != slack.state.team.id,
    }


def _shown_channel(channel: Channel, user: User) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "topic": channel.topic,
        "is_private": channel.is_private,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "members": list(channel.members),
        "unread": _unread(channel, user),
    }


def _unread(channel: Channel, user: User) -> int:
    last_read = channel.last_read.get(user.id, "0")
    return sum(_is_news(message, user, last_read) for message in channel.messages.values())


def _is_news(message: Message, user: User, last_read: str) -> bool:
    is_visible = message.only_for in (None, user.id)
    return is_visible and message.is_in_channel and message.ts > last_read and message.user != user.id
