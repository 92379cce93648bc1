"""Who somebody is, as Slack says, until Slack says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.permissions import People
from bot.sandbox import Sandbox
from bot.workspace import identify, make_client
from core.errors import NotAllowed
from core.settings import Secret, Settings


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


def people_of(slack: Sandbox, tmp_path: Path, leads: tuple[str, ...] = ()) -> People:
    settings = Settings(
        home=tmp_path,
        database_url="sqlite://",
        slack_api_url=slack.api_url,
        slack_bot_token=Secret(slack.bot_token),
        slack_app_token=Secret(slack.app_token),
        leads=leads,
    )
    client = make_client(settings)
    return People(client, identify(client).team_id, settings)


def test_only_full_members_are_agents(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)

    standings = {name: people.standing(slack.user(name).id) for name in ("ada", "lea", "guest", "stranger", "dee")}

    assert standings == {"ada": "agent", "lea": "agent", "guest": "guest", "stranger": "stranger", "dee": "gone"}
    assert people.standing(slack.bot_user_id) == "bot"
    assert people.standing("U0000NOBODY") == "stranger"


def test_an_answer_is_remembered_until_an_event_says_otherwise(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)
    ada = slack.user("ada").id
    assert people.is_agent(ada)

    slack.change_user("ada", is_restricted=True)

    assert people.is_agent(ada)
    people.forget_user(ada)
    assert not people.is_agent(ada)


def test_leads_are_named_by_user_or_by_group(slack: Sandbox, tmp_path: Path) -> None:
    group = "S08LEADSG1D"
    slack.set_group_members("support-leads", ["ben"])
    people = people_of(slack, tmp_path, (slack.user("lea").id, group))

    assert [people.is_lead(slack.user(name).id) for name in ("lea", "ben", "ada")] == [True, True, False]
    with pytest.raises(NotAllowed, match=f"please ask <@{slack.user('lea').id}> or <!subteam\\^{group}>"):
        people.require_lead(slack.user("ada").id)


def test_without_the_scope_for_groups_only_leads_named_by_user_count(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path, ("S08LEADSG1D", slack.user("ada").id))
    slack.fail_next("usergroups.users.list", error="missing_scope", times=5)

    assert [people.is_lead(slack.user(name).id) for name in ("lea", "ada")] == [False, True]


def test_outsiders_of_a_channel_are_found(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)
    cases = slack.channel("support-cases").id
    assert people.outsiders(cases) == ()

    slack.person("lea").invite("support-cases", slack.user("guest").id)

    people.forget_channel(cases)
    assert people.outsiders(cases) == (slack.user("guest").id,)
    assert people.outsiders(slack.channel("random").id) == ("shared",)
