"""The workspace a sandbox starts with: "Maplekey Support", with one person for each part to play."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.manifest import Manifest
from bot.sandbox.state import SLACKBOT, Channel, State, Team, User, UserGroup

TEAM = Team(id="T08MK5Q2LRA", name="Maplekey Support", domain="maplekey-support")
PARTNER_TEAM_ID = "T09PR7W3XEB"
APP_ID = "A08AT1L5BXQ"
APP_BOT_ID = "B08AT1L5BXR"
APP_USER_ID = "U08AT1L5BXS"
HELPDESK_APP_ID = "A08HD3K7PZW"
HELPDESK_BOT_ID = "B08HD3K7PZX"


@dataclass(frozen=True)
class InstalledApp:
    """The app under test, as installed in the workspace."""

    id: str
    name: str
    bot_id: str
    bot_user_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str
    manifest: Manifest


def install(manifest: Manifest) -> InstalledApp:
    """Install the app; its secrets are fixed, so that they can be pasted again after a restart."""
    return InstalledApp(
        id=APP_ID,
        name=manifest.name,
        bot_id=APP_BOT_ID,
        bot_user_id=APP_USER_ID,
        bot_token="xoxb-8150924761-8150924762-sandboxOnlyBotToken",
        app_token=f"xapp-1-{APP_ID}-8150924763-sandboxonlyapptoken",
        signing_secret="5a8d0b0c5a8d0b0c5a8d0b0c5a8d0b0c",
        verification_token="sandboxVerification",
        manifest=manifest,
    )


def populate(app: InstalledApp, team: Team = TEAM) -> State:
    """Two agents, a lead, a customer, a help-desk bot, a guest, a stranger, somebody who left, and the app."""
    people = [*_people(team), *_bots(app, team)]
    ids = {user.name: user.id for user in people}
    full_members = [ids[name] for name in ("ada", "ben", "lea", "customer")]
    channels = [
        Channel(
            id="C08QW4SUP1A",
            name="support-cases",
            creator=ids["lea"],
            topic="One message, one case",
            members=[*full_members, ids["helpdesk"], app.bot_user_id],
        ),
        Channel(
            id="C08LD7SUP2B",
            name="support-leads",
            creator=ids["lea"],
            topic="Digests and decisions",
            is_private=True,
            members=[ids["lea"], app.bot_user_id],
        ),
        Channel(
            id="C08RN2DOM3C",
            name="random",
            creator=ids["lea"],
            topic="Anything else",
            members=[*full_members, ids["guest"], ids["stranger"]],
        ),
    ]
    group = UserGroup(id="S08LEADSG1D", handle="support-leads", name="Support leads", users=[ids["lea"]])
    return State(
        team=team,
        users={user.id: user for user in people},
        channels={channel.id: channel for channel in channels},
        usergroups={group.id: group},
    )


def _people(team: Team) -> list[User]:
    return [
        User("U08AD1AGNT1", team.id, "ada", "Ada (agent)", "Support agent", "2f7d5b"),
        User("U08BE2AGNT2", team.id, "ben", "Ben (agent)", "Support agent", "2b6cb0"),
        User("U08LE3LEAD3", team.id, "lea", "Lea (lead)", "Team lead", "805ad5", is_admin=True),
        User("U08CU4CUST4", team.id, "customer", "Customer", "Pastes and writes cases", "c05621"),
        User("U08GU5GUES5", team.id, "guest", "Gus (guest)", "Guest", "718096", is_restricted=True),
        User("U09ST6STRA6", PARTNER_TEAM_ID, "stranger", "Sol (partner)", "Partner", "b83280", is_stranger=True),
        User("U08DE7LEFT7", team.id, "dee", "Dee (left)", "Former agent", "a0aec0", deleted=True),
    ]


def _bots(app: InstalledApp, team: Team) -> list[User]:
    return [
        User(
            "U08HD8HELP8",
            team.id,
            "helpdesk",
            "Helpdesk",
            "Posts customer cases",
            "d69e2e",
            is_bot=True,
            bot_id=HELPDESK_BOT_ID,
            app_id=HELPDESK_APP_ID,
        ),
        User(
            app.bot_user_id,
            team.id,
            app.manifest.bot_name.lower(),
            app.manifest.bot_name,
            "The app under test",
            "1d3c34",
            is_bot=True,
            bot_id=app.bot_id,
            app_id=app.id,
        ),
        User(SLACKBOT, team.id, "slackbot", "Slackbot", "", "757575"),
    ]
