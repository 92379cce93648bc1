"""Two workspaces, two bots, one database: neither ever sees what belongs to the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.state import Team

ELSEWHERE = Team("T08ELSEWH1R", "Elsewhere Support", "elsewhere")


@pytest.fixture
def elsewhere() -> Iterator[Sandbox]:
    with Sandbox(seed=1, team=ELSEWHERE) as sandbox:
        yield sandbox


def of_team(scene: Any, team: str) -> list[Any]:
    return [case for case in scene.store.cases.recent(100) if case.team == team]


def test_two_workspaces_with_the_same_channel_id_never_mix(play: Any, slack: Any, elsewhere: Sandbox) -> None:
    scene = play(case_channels=())
    other = replace(play(case_channels=(), slack_api_url=elsewhere.api_url), slack=elsewhere)
    assert scene.cases == other.cases
    scene.store.channels.watch(slack.team_id, scene.cases, slack.user("lea").id)
    scene.eventually(lambda: all(one.is_app_online for one in (slack, elsewhere)), "both bots")
    scene.store.channels.watch(elsewhere.team_id, other.cases, elsewhere.user("lea").id)

    both = [each for _ in range(4) for each in (scene, other)]
    threads = [each.person("ben").post("support-cases", "Where is my refund?") for each in both]
    messages = [(each, each.suggestion(thread_ts)) for each, thread_ts in zip(both, threads, strict=True)]
    for each, message in messages:
        each.click("ada", message, "preference.a3")
    scene.quiet()

    for each, message in messages:
        case = each.store.cases.get(message["metadata"]["event_payload"]["case_id"])
        assert case.team == each.slack.team_id
    assert len(of_team(scene, slack.team_id)) == len(of_team(scene, elsewhere.team_id)) == 4
    assert len(list(scene.store.annotations.all("preference"))) == 8
    posts = [[call for call in each.calls if call.method == "chat.postMessage"] for each in (slack, elsewhere)]
    assert [len(each) for each in posts] == [4, 4]
    assert elsewhere.violations == []


def test_a_case_of_another_workspace_is_shown_to_nobody_here(play: Any, elsewhere: Sandbox) -> None:
    scene = play()
    other = replace(play(slack_api_url=elsewhere.api_url), slack=elsewhere)
    _, message = other.post_case("When will I get my refund?")
    case_id = message["metadata"]["event_payload"]["case_id"]

    scene.person("ada").command(f"case {case_id}")
    other.person("ada").command(f"case {case_id}")

    def answers(each: Any) -> list[str]:
        return [said(one) for one in each.person("ada").messages("support-cases") if one.get("is_ephemeral")]

    assert "There is no case" in scene.eventually(lambda: answers(scene), "the answer")[0]
    assert "When will I get my refund?" in scene.eventually(lambda: answers(other), "the answer")[0]


def said(message: dict[str, Any]) -> str:
    return f"{message['text']} {message.get('blocks')}"
