"""The permission table: what it says at a glance, and that nothing is received without a row in it."""

from __future__ import annotations

import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import pytest

from bot import ids
from bot.app import WORK, register_all
from bot.listeners.command import COMMANDS
from bot.listeners.gaps import FORMS
from bot.people import Identity, People, Standing
from bot.permissions import AGENTS, ANYBODY, LEADS, OWNERS, PERMISSIONS, Permissions
from bot.sandbox import Sandbox
from bot.workspace import identify, make_client
from core.errors import NotAllowed
from core.settings import REACTIONS, Secret, Settings

# The rows that each kind of kept work asks for; () where it is news that nobody did to us.
ROWS_OF_WORK: dict[str, tuple[str, ...]] = {
    "message": ("case", "customer_turn", "own_reply", "edited_message", "deleted_message"),
    "preference": ("preference",),
    "use": ("use",),
    "again": ("again",),
    "not_a_case": ("not_a_case",),
    "relevance": ("relevance",),
    "undo": ("undo",),
    "send_anyway": ("send_anyway",),
    "watch_channel": ("watch_channel", "leave_channel_alone"),
    "adoption": ("adoption",),
    "rejection": ("rejection",),
    "missing_knowledge": ("missing_knowledge",),
    "new_case": ("new_case",),
    "config": ("config",),
    "draft_replies": ("draft_replies",),
    "command": tuple(f"/aitl {word}" for word in COMMANDS),
    "reaction_added": tuple(sorted({f"reaction_{meaning.partition('_')[0]}" for meaning in REACTIONS})),
    "reaction_removed": ("reaction_removed",),
    "app_home_opened": ("home",),
    "member_joined_channel": ("invitation",),
    "held": ("held",),
    "audit": ("audit",),
    "news": ("news",),
    "deploy": ("models.promote", "models.rollback"),
    "gap_approve": ("gaps.approve",),
    "metrics": ("metrics.all", "metrics.share"),
    **dict.fromkeys(
        (
            "home_of_lead",
            "gap_reports",
            "member_left_channel",
            "channel_shared",
            "channel_unshared",
            "channel_archive",
            "channel_unarchive",
            "channel_deleted",
            "channel_left",
            "group_archive",
            "group_unarchive",
            "group_deleted",
            "group_left",
            "channel_id_changed",
            "look_again",
            "tokens_revoked",
            "app_uninstalled",
            "user_change",
            "subteam_members_changed",
            "subteam_updated",
        ),
        (),
    ),
}
# The rows of what a listener does by itself, without leaving work: forms that have to open within three seconds.
ROWS_OF_FORMS = {
    ("action", ids.EDIT_PATTERN): "edit",
    ("action", ids.NEITHER): "neither",
    ("action", ids.REPORT_GAP): "report_gap",
    ("shortcut", ids.NEW_CASE): "new_case_form",
    ("action", ids.GAP_DRAFT): "gaps.draft",
    ("action", ids.GAP_ASSIGN): "gaps.assign",
    ("action", ids.GAP_REJECT): "gaps.reject",
    ("action", ids.GAP_MORE): "gaps.more",
    ("command", ids.COMMAND): "config_form",
    ("action", ids.CONFIG_CHANNEL): "config.channel",
}
# A button inside a form: its listener looks the form through and leaves work.
BUTTONS_THAT_LEAVE_WORK = {("action", ids.GAP_APPROVE)}
# Work that asks for the row of the form it was opened by.
ROWS_ASKED_AGAIN = {
    "gap_drafting": "gaps.draft",
    ids.GAP_DRAFT_FORM: "gaps.draft",
    **{form: row for form, (row, _, _) in FORMS.items()},
}
# Forms that are sent: their listeners look them through and leave work.
FORMS_THAT_LEAVE_WORK = {
    ids.ADOPTION, ids.REJECTION, ids.MISSING_KNOWLEDGE, ids.NEW_CASE, ids.CONFIG, ids.GAP_DRAFT_FORM, *FORMS
}  # fmt: skip


class Listeners:
    """Takes registrations as Bolt's App does, and only notes them."""

    def __init__(self) -> None:
        self.registered: list[tuple[str, Any]] = []

    def __getattr__(self, kind: str) -> Any:
        def register(constraint: Any) -> Any:
            self.registered.append((kind, constraint))
            return lambda listener: listener

        return register


@pytest.fixture
def permissions(slack: Sandbox, tmp_path: Path) -> Permissions:
    settings = Settings(
        home=tmp_path,
        database_url="sqlite://",
        slack_api_url=slack.api_url,
        slack_bot_token=Secret(slack.bot_token),
        slack_app_token=Secret(slack.app_token),
        leads=(slack.user("lea").id, "S08LEADSG1D"),
    )
    client = make_client(settings)
    return Permissions(People(client, identify(client), settings))


def test_each_kind_of_work_has_its_rows_and_no_row_is_left_over() -> None:
    assert set(WORK) == {*ROWS_OF_WORK, *ROWS_ASKED_AGAIN}
    assert set(ROWS_ASKED_AGAIN.values()) <= set(ROWS_OF_FORMS.values())
    rows = [*(row for rows in ROWS_OF_WORK.values() for row in rows), *ROWS_OF_FORMS.values()]
    assert sorted(rows) == sorted(PERMISSIONS)


def test_each_registered_listener_is_a_form_or_leaves_work() -> None:
    app: Any = Listeners()
    desk: Any = SimpleNamespace(put=None, identity=Identity("T1", "U1", "B1"))

    register_all(app, desk)

    noted = {one for one in app.registered if one[0] in ("action", "shortcut", "view", "command", "options")}
    assert noted == {*ROWS_OF_FORMS, *BUTTONS_THAT_LEAVE_WORK, *(("view", form) for form in FORMS_THAT_LEAVE_WORK)}
    assert set(WORK) >= FORMS_THAT_LEAVE_WORK


def test_nobody_from_outside_may_do_anything_that_teaches_or_shows() -> None:
    outside = {"guest", "stranger", "gone", "ourselves"}

    allowed = {name for name, rule in PERMISSIONS.items() if rule.who & outside}

    assert allowed == {"deleted_message", "reaction_removed", "news"}
    assert {name for name, rule in PERMISSIONS.items() if "bot" in rule.who} == {
        "customer_turn", "edited_message", "deleted_message", "reaction_removed", "news"
    }  # fmt: skip
    assert frozenset(get_args(Standing)) == ANYBODY


def test_what_decides_about_models_and_channels_is_for_leads() -> None:
    assert {name for name, rule in PERMISSIONS.items() if rule.who == LEADS} == {
        "watch_channel", "leave_channel_alone", "held", "audit", "models.promote", "models.rollback",
        "metrics.all", "metrics.share", "/aitl metrics",
        "/aitl models", "/aitl retrain",
        "/aitl promote", "/aitl rollback", "/aitl config", "/aitl export", "config",
        "config_form", "config.channel",
    }  # fmt: skip
    assert {name for name, rule in PERMISSIONS.items() if rule.who == OWNERS} == {"gaps.approve"}
    assert all("agent" in rule.who for rule in PERMISSIONS.values() if rule.who not in (LEADS, OWNERS))
    assert PERMISSIONS["preference"].who == AGENTS


def test_a_refusal_says_whom_to_ask_and_is_logged(
    permissions: Permissions, slack: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aitl")
    ada, guest, lea = (slack.user(name).id for name in ("ada", "guest", "lea"))

    with pytest.raises(NotAllowed) as by_agent:
        permissions.require("/aitl config", ada)
    with pytest.raises(NotAllowed) as by_guest:
        permissions.require("use", guest)
    permissions.require("/aitl config", lea)

    assert str(by_agent.value) == f"Only leads can do this: please ask <@{lea}> or <!subteam^S08LEADSG1D>."
    assert str(by_guest.value) == (
        f"Only full members of this workspace can do this: please ask <@{lea}> or <!subteam^S08LEADSG1D>."
    )
    assert [record.getMessage() for record in caplog.records] == [
        f"refused /aitl config to {ada}, who is here as: agent",
        f"refused use to {guest}, who is here as: guest",
    ]


def test_where_there_is_no_lead_a_refusal_says_who_could_name_one(slack: Sandbox, tmp_path: Path) -> None:
    settings = Settings(tmp_path, "sqlite://", slack_api_url=slack.api_url, slack_bot_token=Secret(slack.bot_token),
                        slack_app_token=Secret(slack.app_token))  # fmt: skip
    client = make_client(settings)
    permissions = Permissions(People(client, identify(client), settings))

    assert permissions.refusal("/aitl config") == (
        "Only leads can do this: there is no lead yet, so ask whoever runs AITL to set AITL_LEADS."
    )
    assert permissions.refusal("use") == (
        "Only full members of this workspace can do this: ask one of them to do it for you."
    )
