"""Methods about the app itself: api.test, auth.test, apps.connections.open, bots.info."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]


def api_test(call: Call) -> Json:
    """Echo the arguments; `error` asks for a failure."""
    if "error" in call.args:
        raise SlackError(str(call.args["error"]), args=call.args)
    return {"args": call.args}


def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    slack = call.slack
    return {
        "url": f"{slack.base_url}/",
        "team": slack.state.team.name,
        "user": slack.state.users[slack.app.bot_user_id].name,
        "team_id": slack.state.team.id,
        "user_id": slack.app.bot_user_id,
        "bot_id": slack.app.bot_id,
        "is_enterprise_install": False,
    }


def open_connection(call: Call) -> Json:
    """Hand out an address for one Socket Mode connection, good for one use."""
    slack = call.slack
    ticket = slack.ids.secret(32)
    slack.tickets.add(ticket)
    return {"url": f"ws://{slack.base_url.removeprefix('http://')}/link?ticket={ticket}&app_id={slack.app.id}"}


def bots_info(call: Call) -> Json:
    """Say which app a bot belongs to."""
    bot = call.slack.state.bot_user(str(call.args.get("bot", call.slack.app.bot_id)))
    if bot is None:
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": bot.bot_id,
            "deleted": bot.deleted,
            "name": bot.real_name,
            "updated": 1_760_000_000,
            "app_id": bot.app_id,
            "user_id": bot.id,
            "icons": {},
        }
    }


METHODS = (
    Method("api.test", api_test, "t4", token="none", any_argument=True),
    Method("auth.test", auth_test, "special", token="any"),
    Method("apps.connections.open", open_connection, "t3", token="app"),
    Method("bots.info", bots_info, "t3", scopes=("users:read",), optional=("bot",)),
)
