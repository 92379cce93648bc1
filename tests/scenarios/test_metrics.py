"""A lead asks once a week whether it gets better, shows it to the others, and is told on Mondays without asking."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.registry.bundle import NewBundle
from tests.scenarios.conftest import actions_of, said
from tests.scenarios.harness.busy_weeks import work_through

ROOM = "support-cases"


def types_of(message: dict[str, Any]) -> list[str]:
    return [block["type"] for block in message["blocks"]]


def this_monday() -> datetime:
    """Its midnight, in UTC."""
    now = datetime.now(UTC)
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=now.weekday())


def shared(scene: Any) -> list[dict[str, Any]]:
    return [one for one in scene.person("ada").messages(ROOM) if "Shared by" in said(one)]


def digests(scene: Any) -> list[dict[str, Any]]:
    return [one for one in scene.person("lea").messages("support-leads") if "How the drafts did last week" in said(one)]


@pytest.mark.slow
def test_a_lead_asks_shows_it_to_the_channel_and_hears_of_it_on_monday(play: Any, open_parts: Any, slack: Any) -> None:
    slack.refuse_blocks("data_visualization")  # a workspace that has no charts yet: it gets pictures
    lea, where = slack.user("lea").id, (slack.team_id, slack.channel(ROOM).id)
    store = open_parts().store
    work_through(store, where, this_monday(), [(20, 8), (20, 17)])
    store.registry.register(NewBundle(0, {}, "9f00", {}, "superior", "Better."), [])
    store.registry.promote(1, "agents' preferences", "")
    scene = play(leads_channel=slack.channel("support-leads").id)

    scene.person("lea").command("metrics")
    glance = scene.whisper("lea", "How the drafts did in the last 30 days")

    assert "Version 1 has answered since" in said(glance)
    assert "*Outdated* ·" in said(glance)
    assert f"<{slack.url}/archives/{scene.cases}/p" in said(glance)
    assert types_of(glance).count("image") == 1
    assert actions_of(glance) == ["metrics.all", "metrics.share"]

    scene.click("lea", glance, "metrics.share")
    scene.click("lea", glance, "metrics.share")
    scene.click("lea", glance, "metrics.all")

    scene.whisper("lea", "All figures in the last 30 days")
    [one] = scene.eventually(lambda: shared(scene), "what is shared")
    assert f"Shared by <@{lea}>" in said(one)
    assert (types_of(one).count("image"), actions_of(one)) == (1, [])
    scene.quiet()
    assert len(shared(scene)) == 1

    is_monday_nine_over = datetime.now(UTC) >= this_monday() + timedelta(hours=9)
    scene.bot.stop()
    scene = play(leads_channel=slack.channel("support-leads").id)
    scene.quiet()
    told = digests(scene)
    assert len(told) == is_monday_nine_over
    for digest in told:
        assert "Agents sent a draft in 85% of 20 decisions last week" in said(digest)
        assert "It is better than the week before: drafts sent from 40% to 85%" in said(digest)
        assert "Thank you: 5 agents gave" in said(digest)
        assert types_of(digest).count("image") == 1


def test_where_the_bot_may_not_post_nothing_is_shared_and_the_lead_hears_why(play: Any, slack: Any) -> None:
    scene = play()
    lea = scene.person("lea")
    quiet_room = lea.create_channel("quiet-room")

    for room, why in (
        (quiet_room, "I am not in this channel, so I post nothing there. Invite me with /invite, then try again."),
        ("random", "A guest or somebody from another workspace can read this channel, so I post nothing here."),
    ):
        lea.command("metrics", channel=room)
        glance = scene.eventually(lambda room=room: private(lea, room, "No case came"), "the answer")
        lea.click(room, glance["ts"], "metrics.share")

        scene.eventually(lambda room=room, why=why: private(lea, room, why), "the reason")
        assert [one for one in lea.messages(room) if one.get("bot_id") and not one.get("is_ephemeral")] == []


def private(person: Any, room: str, words: str) -> dict[str, Any] | None:
    """What only this person sees there."""
    return next((one for one in person.messages(room) if one.get("is_ephemeral") and words in said(one)), None)
