"""Agents see what their feedback changed: in their Home, and at most once a week in a message."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from core.channel_settings import ChannelSettings, QuietHours
from core.registry.bundle import NewBundle
from tests.scenarios.conftest import Scene, said

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


def home(scene: Any, name: str, words: str) -> str:
    person = scene.person(name)

    def shown() -> str | None:
        text = said(person.open_home() or {})
        return text if words in text else None

    return str(scene.eventually(shown, f"{words!r} on the home of {name}"))


def messages(scene: Any, name: str) -> list[dict[str, Any]]:
    """What the bot has told this person alone."""
    slack = scene.slack
    room = slack.happen(lambda workspace: workspace.open_im(slack.user(name).id, slack.bot_user_id)).id
    return [{**one, "channel": room} for one in scene.person(name).messages(room) if CHANGED in said(one)]


def test_an_agent_sees_what_their_own_clicks_taught_and_a_lead_the_team(play: Any) -> None:
    scene = play()
    taught(scene)
    mine = "The one click it learned from is yours: 1 choice between drafts"

    adas = home(scene, "ada", mine)
    leas = home(scene, "lea", "How the drafts did in the last 30 days")

    assert "How the drafts did" not in adas
    assert mine not in leas
    assert "Nothing is reported as missing." in leas
    assert "Nothing yet." in leas
    scene.person("guest").open_home()
    assert "What your feedback changed" not in said(scene.person("guest").open_home() or {})


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
    home(scene, "ada", "Send me a weekly message")
    view = scene.person("ada").open_home()
    scene.person("ada").click_in_view(view["id"], "news.on")
    scene.eventually(lambda: scene.store.told.wants_news(team, ada), "the switch")
    scene.eventually(lambda: "Stop the weekly message" in said(scene.person("ada").open_home()), "the home")


@pytest.mark.parametrize("why", ["quiet hours", "budget", "switched off"])
def test_nobody_is_told_in_quiet_hours_beyond_the_budget_or_who_does_not_want_it(play: Any, why: str) -> None:
    scene: Scene = play()
    ada, now = scene.slack.user("ada"), datetime.now(UTC)
    quiet = QuietHours(time((now.hour - 1) % 24, 0), time((now + timedelta(hours=2)).hour, 0))
    if why == "switched off":
        scene.store.told.switch_news(ada.team_id, ada.id, is_wanted=False)
    else:
        settings = ChannelSettings(quiet=quiet) if why == "quiet hours" else ChannelSettings(daily_budget=0)
        scene.store.channels.set_settings(ada.team_id, scene.cases, settings, "U_LEAD")
    taught(scene)

    again(scene)
    scene.quiet()
    home(scene, "ada", "The one click it learned from is yours")

    assert messages(scene, "ada") == []
    assert scene.store.told.news_told_at(ada.team_id, ada.id) is None
    scene.store.channels.set_settings(ada.team_id, scene.cases, ChannelSettings(), "U_LEAD")
    scene.store.told.switch_news(ada.team_id, ada.id, is_wanted=True)
    again(scene).eventually(lambda: messages(scene, "ada"), "the message, now that nothing speaks against it")
