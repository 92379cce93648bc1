"""Who somebody is, as Slack says, until Slack says otherwise."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import Busy
from bot.people import People
from bot.sandbox import Sandbox
from bot.workspace import identify, make_client
from core.channel_settings import ChannelSettings
from core.settings import Secret, Settings

GROUP = "S08LEADSG1D"


def people_of(
    slack: Sandbox, tmp_path: Path, leads: tuple[str, ...] = (), now: Any = time.monotonic, **changes: Any
) -> People:
    settings = Settings(
        home=tmp_path,
        database_url="sqlite://",
        slack_api_url=slack.api_url,
        slack_bot_token=Secret(slack.bot_token),
        slack_app_token=Secret(slack.app_token),
        leads=leads,
        **changes,
    )
    client = make_client(settings)
    return People(client, identify(client), settings, now)


def calls(slack: Sandbox, method: str) -> list[Any]:
    return [call for call in slack.calls if call.method == method]


def standings(people: People, slack: Sandbox, *names: str) -> dict[str, set[str]]:
    return {name: set(people.standings(slack.user(name).id)) for name in names}


def test_only_full_members_are_agents(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)

    assert standings(people, slack, "ada", "guest", "stranger", "dee", "helpdesk") == {
        "ada": {"agent"},
        "guest": {"guest"},
        "stranger": {"stranger"},
        "dee": {"gone"},
        "helpdesk": {"bot"},
    }
    assert people.standings(slack.bot_user_id) == {"ourselves"}
    assert people.standings("U0000NOBODY") == {"stranger"}


def test_what_a_lead_has_set_for_a_channel_counts_besides_the_environment(slack: Sandbox, tmp_path: Path) -> None:
    ada, ben, guest = (slack.user(name).id for name in ("ada", "ben", "guest"))
    helpdesk = slack.user("helpdesk")
    people = people_of(slack, tmp_path, knowledge_owners=(ben,))
    approved = {"C1": ChannelSettings(bots=(helpdesk.id,), approvers=(ada, guest))}
    people = replace(people, set_for=lambda: approved)

    assert people.standings(ada) == people.standings(ben) == {"agent", "owner"}
    assert people.standings(guest) == {"guest"}
    for post in ({"bot_id": helpdesk.bot_id, "user": helpdesk.id}, {"user": helpdesk.id}):
        assert people.author_standings({**post, "channel": "C1"}) == {"case_bot"}
        assert people.author_standings({**post, "channel": "C2"}) == {"bot"}
    ourselves = {"user": slack.bot_user_id, "channel": "C1"}
    assert people.author_standings(ourselves) == {"ourselves"}


def test_an_author_that_is_a_bot_is_ours_listed_or_neither(slack: Sandbox, tmp_path: Path) -> None:
    helpdesk = slack.user("helpdesk")
    post = {"user": helpdesk.id, "bot_id": helpdesk.bot_id, "app_id": helpdesk.app_id}

    for name in (helpdesk.id, str(helpdesk.bot_id), str(helpdesk.app_id)):
        assert people_of(slack, tmp_path, case_bots=(name,)).author_standings(post) == {"case_bot"}
    people = people_of(slack, tmp_path, case_bots=(slack.bot_user_id, "B0OTHER"))
    assert people.author_standings(post) == {"bot"}
    assert people.author_standings({"user": slack.bot_user_id, "bot_id": slack.bot_id}) == {"ourselves"}
    assert people.author_standings({"user": slack.user("ada").id}) == {"agent"}
    assert people.standings(helpdesk.id) == {"bot"}


def test_an_answer_is_remembered_until_an_event_says_otherwise(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)
    ada = slack.user("ada").id
    assert people.standings(ada) == {"agent"}

    slack.change_user("ada", is_restricted=True)

    assert people.standings(ada) == {"agent"}
    assert people.learn({"id": ada, "is_restricted": True}) == "guest"
    assert people.standings(ada) == {"guest"}


def test_a_new_picture_is_no_news_about_who_somebody_is(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)
    ada = slack.user("ada").id
    people.standings(ada)

    assert people.learn({"id": ada, "profile": {"image": "new"}}) is None
    people.standings(ada)

    assert len(calls(slack, "users.info")) == 1


def test_leads_and_owners_are_named_by_user_or_by_group(slack: Sandbox, tmp_path: Path) -> None:
    slack.set_group_members("support-leads", ["ben"])
    people = people_of(slack, tmp_path, (slack.user("lea").id, GROUP), knowledge_owners=(slack.user("ada").id, GROUP))

    assert standings(people, slack, "lea", "ben", "ada", "customer") == {
        "lea": {"agent", "lead"},
        "ben": {"agent", "lead", "owner"},
        "ada": {"agent", "owner"},
        "customer": {"agent"},
    }


def test_a_guest_is_no_lead_whatever_a_setting_says(slack: Sandbox, tmp_path: Path) -> None:
    slack.set_group_members("support-leads", ["stranger", "dee"])
    people = people_of(slack, tmp_path, (slack.user("guest").id, GROUP))

    assert standings(people, slack, "guest", "stranger", "dee") == {
        "guest": {"guest"},
        "stranger": {"stranger"},
        "dee": {"gone"},
    }


def test_members_of_a_group_are_remembered_until_an_event_says_otherwise(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path, (GROUP,))
    assert standings(people, slack, "lea", "ben") == {"lea": {"agent", "lead"}, "ben": {"agent"}}

    slack.set_group_members("support-leads", ["ben"])

    assert standings(people, slack, "lea", "ben") == {"lea": {"agent", "lead"}, "ben": {"agent"}}
    assert len(calls(slack, "usergroups.users.list")) == 1
    people.forget_groups()
    assert standings(people, slack, "lea", "ben") == {"lea": {"agent"}, "ben": {"agent", "lead"}}


@pytest.mark.parametrize("error", ["plan_upgrade_required", "missing_scope", "no_such_subteam"])
def test_without_user_groups_only_leads_named_by_user_count(slack: Sandbox, tmp_path: Path, error: str) -> None:
    people = people_of(slack, tmp_path, (GROUP, slack.user("ada").id))
    slack.fail_next("usergroups.users.list", error=error)

    assert standings(people, slack, "lea", "ada") == {"lea": {"agent"}, "ada": {"agent", "lead"}}


@pytest.mark.parametrize(("method", "error"), [("users.info", "fatal_error"), ("usergroups.users.list", "org_login")])
def test_an_error_of_slack_refuses_nobody_and_is_not_remembered(
    slack: Sandbox, tmp_path: Path, method: str, error: str
) -> None:
    people = people_of(slack, tmp_path, (GROUP,))
    slack.fail_next(method, error=error)

    with pytest.raises(SlackApiError):
        people.standings(slack.user("lea").id)

    assert people.standings(slack.user("lea").id) == {"agent", "lead"}


def test_nothing_is_asked_before_the_time_that_slack_wants_to_be_left_alone(slack: Sandbox, tmp_path: Path) -> None:
    now = [100.0]
    people = people_of(slack, tmp_path, now=lambda: now[0])
    slack.fail_next("users.info", error="ratelimited", retry_after_s=1)

    for at_s, left_s in ((100.0, 1.1), (100.5, 0.6)):
        now[0] = at_s
        with pytest.raises(Busy) as caught:
            people.standings(slack.user("ada").id)
        assert caught.value.retry_in_s == pytest.approx(left_s)
    assert len(calls(slack, "users.info")) == 1

    now[0] = 101.2
    time.sleep(1.1)  # Slack's own clock
    assert people.standings(slack.user("ada").id) == {"agent"}
    assert slack.violations == []


def test_outsiders_of_a_channel_are_found(slack: Sandbox, tmp_path: Path) -> None:
    people = people_of(slack, tmp_path)
    cases = slack.channel("support-cases").id
    assert people.barriers(cases) == ()

    slack.person("lea").invite("support-cases", slack.user("guest").id)

    people.forget_channel(cases)
    assert people.barriers(cases) == (slack.user("guest").id,)
    assert people.barriers(slack.channel("random").id) == ("shared",)
