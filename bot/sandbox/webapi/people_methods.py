"""users.* and usergroups.* methods: who is in the workspace."""

from __future__ import annotations

from typing import Any

from bot.sandbox.errors import SlackError
from bot.sandbox.render import render_user, render_usergroup
from bot.sandbox.webapi.conversations import paginate
from bot.sandbox.webapi.method import Call, Method

Json = dict[str, Any]


def users_info(call: Call) -> Json:
    """One person or bot, also from another workspace."""
    return {"user": render_user(call.user(), call.slack.state)}


def users_list(call: Call) -> Json:
    """Everybody in the workspace, those who left included."""
    state = call.slack.state
    everybody = [user for user in state.users.values() if user.team_id == state.team.id]
    page, more = paginate(call, everybody, default=200, largest=1000)
    return {
        "members": [render_user(user, state) for user in page],
        "cache_ts": int(call.slack.clock.now()),
        "response_metadata": {"next_cursor": more},
    }


def usergroups_list(call: Call) -> Json:
    """Every user group."""
    _need_paid_plan(call)
    state = call.slack.state
    with_users = call.flag("include_users")
    return {"usergroups": [render_usergroup(group, state, with_users) for group in state.usergroups.values()]}


def usergroups_users_list(call: Call) -> Json:
    """Who is in one user group."""
    _need_paid_plan(call)
    group = call.slack.state.usergroups.get(str(call.args["usergroup"]))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


def _need_paid_plan(call: Call) -> None:
    if call.slack.is_free_plan:
        raise SlackError("plan_upgrade_required")


METHODS = (
    Method("users.info", users_info, "t4", ("users:read",), ("user",), ("include_locale",)),
    Method("users.list", users_list, "t2", ("users:read",), (), ("cursor", "limit", "include_locale")),
    Method(
        "usergroups.list",
        usergroups_list,
        "t2",
        ("usergroups:read",),
        (),
        ("include_count", "include_disabled", "include_users"),
    ),
    Method(
        "usergroups.users.list",
        usergroups_users_list,
        "t2",
        ("usergroups:read",),
        ("usergroup",),
        ("include_disabled",),
    ),
)
