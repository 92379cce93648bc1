"""Drafts hold snippets: whoever comes from outside finds them hidden, and they come back when those have gone."""

from __future__ import annotations

from typing import Any

import pytest

SNIPPET = "Refunds reach your bank"
HIDDEN = "These drafts are hidden while a guest"


def shown(message: dict[str, Any]) -> str:
    return str([message["text"], message.get("blocks"), message.get("attachments")])


def hidden(scene: Any, message: dict[str, Any], by: str = "ada") -> dict[str, Any]:
    """The message, once nothing of the drafts is left in it."""
    now: dict[str, Any] = scene.message(message["ts"], lambda one: HIDDEN in shown(one), by)
    assert SNIPPET not in shown(now)
    assert "action_id" not in shown(now)
    return now


def back(scene: Any, message: dict[str, Any]) -> dict[str, Any]:
    return dict(scene.message(message["ts"], lambda one: SNIPPET in shown(one)))


def test_drafts_are_hidden_from_a_guest_who_comes_and_back_when_they_have_left(play: Any, slack: Any) -> None:
    scene = play(leads_channel=slack.channel("support-leads").id)
    thread_ts, first = scene.post_case()
    scene.person("ben").post("support-cases", "It is the deposit that I mean.", thread_ts)
    second = scene.suggestion(thread_ts, 2)
    scene.quiet()

    scene.person("lea").invite("support-cases", slack.user("guest").id)

    hidden(scene, first, by="guest")
    hidden(scene, second, by="guest")
    told = scene.eventually(
        lambda: [
            one["text"] for one in scene.person("lea").messages("support-leads") if "I post no drafts" in one["text"]
        ],
        "word to the leads",
    )
    assert "The newest 200 drafts that I posted there are hidden until then" in told[0]

    scene.person("lea").kick("support-cases", slack.user("guest").id)

    assert "Replaced by newer drafts" in shown(back(scene, first))
    assert "use.a" in shown(back(scene, second))


def test_drafts_are_hidden_when_the_channel_is_shared_with_another_workspace(scene: Any, slack: Any) -> None:
    _, message = scene.post_case()
    scene.quiet()

    scene.person("lea").invite("support-cases", slack.user("stranger").id)

    hidden(scene, message, by="stranger")


def test_drafts_are_hidden_when_somebody_in_the_channel_becomes_a_guest(scene: Any, slack: Any) -> None:
    _, message = scene.post_case()
    scene.quiet()

    slack.change_user("ada", is_restricted=True)
    hidden(scene, message, by="ada")
    slack.change_user("ada", is_restricted=False)

    back(scene, message)


def test_drafts_made_by_the_shortcut_are_hidden_too(play: Any, slack: Any) -> None:
    scene = play(case_channels=(slack.channel("random").id,))
    root = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.person("ada").shortcut("draft_replies", "support-cases", root)
    message = scene.suggestion(root)
    scene.quiet()

    scene.person("lea").invite("support-cases", slack.user("guest").id)

    hidden(scene, message)


@pytest.mark.slow
def test_drafts_are_hidden_from_a_guest_who_came_while_the_bot_was_away(play: Any, slack: Any) -> None:
    scene = play()
    _, message = scene.post_case()
    scene.quiet()
    scene.bot.stop()
    slack.channel("support-cases").members.append(slack.user("guest").id)

    again = play()

    hidden(again, message, by="guest")


def test_a_draft_under_way_when_a_guest_comes_shows_no_snippet(play: Any, slack: Any) -> None:
    scene = play()

    def let_a_guest_in(case: Any) -> None:
        if slack.user("guest").id not in slack.channel("support-cases").members:
            scene.person("lea").invite("support-cases", slack.user("guest").id)
            scene.eventually(lambda: scene.store.channels.barriers(case.team), "the news")

    scene.parts.suggester.before = let_a_guest_in
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: scene.store.suggestions.count(), "the drafts")
    scene.quiet()

    assert SNIPPET not in str(scene.person("guest").messages("support-cases", thread_ts))
