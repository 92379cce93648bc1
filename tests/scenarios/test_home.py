"""Agents see what their feedback changed: in their Home, and at most once a week in a message."""

from __future__ import annotations

from typing import Any

from core.registry.bundle import NewBundle
from tests.scenarios.conftest import said

CHANGED = "Your feedback changed something"


def taught(scene: Any, by: str = "ada") -> None:
    """A version serves that has learned from this agent's only click."""
    _, message = scene.post_case()
    scene.click(by, message, "preference.a2")
    said = scene.eventually(lambda: list(scene.store.annotations.all("preference")), "the preference")
    registry = scene.store.registry
    bundle = registry.register(NewBundle(0, {}, "9f00", {}, "superior", "It finds more."), [one.id for one in said])
    registry.promote(bundle.version, "U_LEAD", "")
    scene.quiet()


def again(scene: Any) -> Any:
    """The same bot, stopped and started; its people are told now what has become new meanwhile."""
    scene.bot.stop()
    started = type(scene.bot)(scene.parts.settings, scene.parts)
    started.start()
    scene.bot = started
    return scene


def home(scene: Any, name: str) -> str:
    """All words of this person's Home, once it is published anew."""
    before = openings(scene)
    scene.person(name).open_home()
    scene.eventually(lambda: openings(scene) > before, "the news that it was opened")
    scene.quiet()
    return said(scene.person(name).open_home())


def openings(scene: Any) -> int:
    """How often the bot has heard that somebody opened their Home."""
    events = [one for one in scene.slack.deliveries if one.payload.get("event", {}).get("type") == "app_home_opened"]
    return sum(one.acked_ms is not None for one in events)


def messages(scene: Any, name: str) -> list[dict[str, Any]]:
    """What the bot has told this person alone."""
    slack = scene.slack
    room = slack.happen(lambda workspace: workspace.open_im(slack.user(name).id, slack.bot_user_id)).id
    return [{**one, "channel": room} for one in scene.person(name).messages(room) if CHANGED in said(one)]


def test_an_agent_sees_what_their_own_clicks_taught_and_a_lead_the_team(play: Any) -> None:
    scene = play()
    taught(scene)
    mine = "The one click it learned from is yours: 1 choice between drafts"

    adas, leas, guests = (home(scene, name) for name in ("ada", "lea", "guest"))

    assert mine in adas
    assert "How the drafts did" not in adas
    assert mine not in leas
    assert "Nothing yet." in leas
    assert "How the drafts did in the last 30 days" in leas
    assert "Nothing is reported as missing." in leas
    assert "What your feedback changed" not in guests


def test_an_agent_is_told_once_however_often_the_bot_starts_and_switches_it_off(play: Any) -> None:
    scene = play()
    taught(scene)

    again(scene)
    [message] = scene.eventually(lambda: messages(scene, "ada"), "the message")
    again(scene).quiet()
    assert len(messages(scene, "ada")) == 1
    assert messages(scene, "ben") == []

    scene.person("ada").click(message["channel"], message["ts"], "news.off")

    team, ada = scene.slack.user("ada").team_id, scene.slack.user("ada").id
    scene.eventually(lambda: not scene.store.told.wants_news(team, ada), "the switch")
    assert "Send me a weekly message" in home(scene, "ada")
    view = scene.person("ada").open_home()
    scene.person("ada").click_in_view(view["id"], "news.on")
    scene.eventually(lambda: scene.store.told.wants_news(team, ada), "the switch")
    assert "Stop the weekly message" in home(scene, "ada")
