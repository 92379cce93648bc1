"""`/aitl config`: a lead changes the settings of a channel, and the bot does otherwise from then on."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from core.channel_settings import DEFAULTS, ChannelSettings, QuietHours


@pytest.fixture
def scene(play: Any) -> Any:
    return play()


def open_settings(scene: Any, by: str = "lea") -> dict[str, Any]:
    assert scene.person(by).command("config")["acked"]
    return scene.person(by).wait_for_view("config")


def submit(scene: Any, view: dict[str, Any], channel: str, **values: Any) -> dict[str, Any]:
    return scene.person("lea").submit(view["id"], {f"{name}.{channel}": value for name, value in values.items()})


def kept(scene: Any, channel: str) -> ChannelSettings:
    return scene.store.channels.settings(scene.slack.user("lea").team_id, channel)


def set_here(scene: Any, settings: ChannelSettings) -> None:
    lea = scene.slack.user("lea")
    scene.store.channels.set_settings(lea.team_id, scene.cases, settings, lea.id)


def suggestions(scene: Any, thread_ts: str) -> int:
    messages = scene.person("ada").messages("support-cases", thread_ts)
    return sum((one.get("metadata") or {}).get("event_type") == "aitl_suggestion" for one in messages)


def test_a_lead_turns_drafts_off_and_on_again_and_who_waited_gets_theirs(scene: Any) -> None:
    view = open_settings(scene)
    answer = submit(scene, view, scene.cases, candidates="off", quiet_from="22:00")
    assert answer["errors"] == {f"quiet_to.{scene.cases}": "Say also when the quiet hours end, or leave both empty."}
    assert kept(scene, scene.cases) == DEFAULTS

    assert submit(scene, view, scene.cases, language="de", budget="3", quiet_from=None)["closed"]
    scene.whisper("lea", "no replies are drafted; an agent is asked or told something at most 3 times a day")
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")
    scene.person("ada").shortcut("draft_replies", "support-cases", thread_ts)
    scene.whisper("ada", "Draft replies are turned off in this channel.")
    scene.quiet()
    assert suggestions(scene, thread_ts) == 0

    seen: list[str] = []
    scene.parts.suggester.before = lambda case: seen.append(case.language)
    assert submit(scene, open_settings(scene), scene.cases, candidates="on")["closed"]

    scene.whisper("lea", "Drafts for cases that waited: 1.")
    scene.suggestion(thread_ts)
    assert (kept(scene, scene.cases).language, seen) == ("de", ["de"])
    assert kept(scene, scene.cases).changed_by == scene.slack.user("lea").id


def test_another_channel_can_be_chosen_in_the_form(scene: Any, slack: Any) -> None:
    view, elsewhere = open_settings(scene), slack.channel("random").id

    scene.person("lea").click_in_view(view["id"], "config.channel", elsewhere)

    chosen = scene.eventually(
        lambda: next((one for one in scene.person("lea").views() if elsewhere in one["private_metadata"]), None),
        "the other channel's settings",
    )
    assert "AITL_CASE_CHANNELS names those that I do" in str(chosen["blocks"])
    assert submit(scene, chosen, elsewhere, candidates="on", language="fr")["closed"]
    scene.whisper("lea", "replies are drafted in French")
    assert (kept(scene, elsewhere).language, kept(scene, scene.cases)) == ("fr", DEFAULTS)


def test_nobody_but_leads_opens_or_sends_it(scene: Any) -> None:
    assert scene.person("ada").command("config")["acked"]

    scene.whisper("ada", "Only leads can do this")
    assert scene.person("ada").views() == []


def test_the_posts_of_a_bot_that_a_lead_has_named_are_cases(scene: Any, slack: Any) -> None:
    helpdesk = slack.user("helpdesk")
    scene.person("helpdesk").post("support-cases", "When will I get my refund?")
    scene.quiet()
    assert scene.store.cases.count() == 0

    set_here(scene, ChannelSettings(bots=(helpdesk.bot_id,)))
    thread_ts = scene.person("helpdesk").post("support-cases", "When will I get my refund?")

    scene.suggestion(thread_ts)


@pytest.mark.parametrize("why", ["budget", "quiet hours"])
def test_nobody_is_asked_for_more_beyond_the_budget_or_in_quiet_hours(scene: Any, why: str) -> None:
    now = datetime.now(UTC)
    around = QuietHours(time((now.hour - 1) % 24, 0), time((now + timedelta(hours=2)).hour, 0))
    set_here(scene, ChannelSettings(daily_budget=1) if why == "budget" else ChannelSettings(quiet=around))
    asked = []
    for _ in range(2):
        thread_ts, message = scene.post_case()
        scene.person("ada").react("support-cases", message["ts"], "no_entry_sign")
        case = scene.store.cases.by_thread(scene.slack.user("ada").team_id, scene.cases, thread_ts)
        scene.eventually(lambda case=case: scene.store.annotations.of_case(case.id), "the refusal")
        scene.quiet()
        shown = scene.person("ada").messages("support-cases", thread_ts)
        asked.append(any("A reason makes it teach more" in one["text"] for one in shown))

    assert asked == ([True, False] if why == "budget" else [False, False])


def test_while_the_database_is_away_whoever_asked_is_told_so(scene: Any) -> None:
    @event.listens_for(scene.store.engine, "before_cursor_execute")
    def fail(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if "channel_settings" in statement:
            raise OperationalError(statement, {}, Exception("connection refused"))

    assert scene.person("lea").command("config")["acked"]

    assert "(ref " in scene.whisper("lea", "the database did not answer")["text"]
    assert scene.person("lea").views() == []
