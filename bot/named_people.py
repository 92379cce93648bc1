"""Whether those that AITL_LEADS and AITL_KNOWLEDGE_OWNERS name can act: for `aitl doctor`."""

from __future__ import annotations

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.people import People, Standing
from core.settings import Settings

_IS: dict[Standing, str] = {
    "guest": "a guest, who may do nothing here",
    "stranger": "nobody in this workspace",
    "gone": "deactivated",
    "bot": "a bot",
    "case_bot": "a bot",
    "ourselves": "this bot itself",
}
_NO_GROUP = {
    "plan_upgrade_required": "cannot be looked up (user groups need a paid plan): name people by their user ids",
    "missing_scope": "cannot be looked up without the scope usergroups:read: add it and install the app again",
    "no_such_subteam": "is no user group of this workspace: copy the id (S...) from the group's profile in Slack",
    "subteam_not_found": "is no user group of this workspace: copy the id (S...) from the group's profile in Slack",
}


def check_leads(settings: Settings, people: People) -> str:
    """What was found. Raises ValueError, saying what to do, for names that give nobody anything."""
    if not settings.leads:
        raise ValueError("AITL_LEADS is empty, so nobody may turn channels on or see /aitl config. Set user ids in it.")
    return _check("AITL_LEADS", settings.leads, people)


def check_owners(settings: Settings, people: People) -> str:
    """The same for who looks after the knowledge base."""
    return _check("AITL_KNOWLEDGE_OWNERS", settings.knowledge_owners, people)


def _check(setting: str, named: tuple[str, ...], people: People) -> str:
    problems = [problem for one in named if (problem := _problem(one, people))]
    if problems:
        raise ValueError(f"In {setting}, {'; '.join(problems)}.")
    return f"{len(named)} named in {setting}"


def _problem(name: str, people: People) -> str:
    if name.startswith("S"):
        return _problem_of_group(name, people.client, people)
    standings = people.standings(name)
    return "" if "agent" in standings else f"{name} is {_IS[next(iter(standings))]}"


def _problem_of_group(group: str, client: WebClient, people: People) -> str:
    try:
        members = client.usergroups_users_list(usergroup=group)["users"]
    except SlackApiError as error:
        code = error.response["error"]
        if code not in _NO_GROUP:
            raise
        return f"the group {group} {_NO_GROUP[code]}"
    if any("agent" in people.standings(one) for one in members):
        return ""
    return f"the group {group} has no member who is a full member of this workspace"
