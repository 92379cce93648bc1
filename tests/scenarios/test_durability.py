"""Nothing is lost and nothing is done twice: duplicates, restarts, broken connections, rate limits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.clock import utc_now


def standing(scene: Any, thread_ts: str, kind: str) -> list[dict[str, Any]]:
    return [
        one
        for one in scene.person("ada").messages("support-cases", thread_ts)
        if (one.get("metadata") or {}).get("event_type") == kind
    ]


def deliveries(slack: Any, wanted: Callable[[dict[str, Any]], bool]) -> list[str]:
    return [one.envelope_id for one in slack.deliveries if wanted(one.payload.get("event", {}))]


def test_a_message_delivered_ten_times_is_one_case(scene: Any, slack: Any) -> None:
    thread_ts, _ = scene.post_case()
    (envelope,) = deliveries(slack, lambda event: event.get("ts") == thread_ts)

    for _ in range(10):
        slack.resend(envelope)
    scene.eventually(lambda: len(slack.deliveries) >= 11, "all deliveries")
    scene.quiet()

    assert scene.store.cases.count() == 1
    assert len(standing(scene, thread_ts, "aitl_suggestion")) == 1


def test_work_left_over_is_done_after_a_restart(play: Any, slack: Any) -> None:
    scene = play()
    scene.parts.suggester.before = lambda case: (_ for _ in ()).throw(RuntimeError("killed in the middle"))
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")
    scene.bot.stop()

    again = play()

    again.suggestion(thread_ts)
    again.quiet()
    assert len(standing(again, thread_ts, "aitl_suggestion")) == 1


def test_what_a_killed_process_had_claimed_is_done_by_the_next_one(open_parts: Any, play: Any, slack: Any) -> None:
    parts = open_parts()
    ben = slack.user("ben").id
    thread_ts = slack.person("ben").post("support-cases", "When will I get my refund?")
    message = {"type": "message", "channel": slack.channel("support-cases").id, "ts": thread_ts, "user": ben}
    parts.store.inbox.put("event:Ev0", "message", "events", {**message, "text": "When will I get my refund?"})
    assert parts.store.inbox.claim("events", f"bot@{slack.team_id}:events", lease_s=300)

    scene = play()

    scene.suggestion(thread_ts)


def test_a_post_whose_answer_is_lost_is_not_made_twice(scene: Any, slack: Any) -> None:
    slack.fail_next("chat.postMessage", drop_after_write=True)

    thread_ts, message = scene.post_case()
    scene.quiet()

    assert len(standing(scene, thread_ts, "aitl_suggestion")) == 1
    scene.click("ada", message, "use.a")
    slack.fail_next("chat.postMessage", drop_after_write=True)
    scene.eventually(lambda: standing(scene, thread_ts, "aitl_reply"), "the reply")
    scene.quiet()
    assert len(standing(scene, thread_ts, "aitl_reply")) == 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"error": "internal_error"}, {"error": "ratelimited"}])
def test_a_post_that_fails_is_made_again(scene: Any, slack: Any, fault: dict[str, Any]) -> None:
    slack.fail_next("chat.postMessage", **fault)

    thread_ts, _ = scene.post_case()
    scene.quiet()

    assert len(standing(scene, thread_ts, "aitl_suggestion")) == 1


def test_many_cases_at_once_all_get_their_drafts_within_the_limits(scene: Any) -> None:
    ben = scene.person("ben")
    threads = [ben.post("support-cases", f"Question {n}: when will I get my refund?") for n in range(8)]

    for thread_ts in threads:
        scene.suggestion(thread_ts)

    assert scene.store.cases.count() == 8


def test_refreshed_sockets_lose_no_click(scene: Any, slack: Any) -> None:
    _, message = scene.post_case()

    slack.disconnect_sockets("refresh_requested", close=False)
    scene.click("ada", message, "preference.a3")

    scene.eventually(lambda: list(scene.store.annotations.all("preference")), "the preference")


@pytest.mark.slow
def test_a_draft_that_cannot_be_made_says_so_in_the_thread(scene: Any, caplog: Any) -> None:
    scene.parts.suggester.before = lambda case: (_ for _ in ()).throw(RuntimeError("the disk is on fire"))
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")

    sorry = scene.reply(thread_ts, lambda one: "I couldn't" in one["text"])
    reference = sorry["text"].split("(ref ")[1].rstrip(")")
    assert f"ref {reference}" in caplog.text
    assert "fire" not in sorry["text"]

    scene.parts.suggester.before = None
    scene.click("ada", sorry, "again")
    scene.suggestion(thread_ts)


def test_what_comes_again_after_its_work_was_forgotten_posts_nothing_twice(scene: Any, slack: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "use.a")
    scene.eventually(lambda: standing(scene, thread_ts, "aitl_reply"), "the reply")
    scene.quiet()
    later = utc_now() + timedelta(days=1)
    assert scene.store.inbox.forget(later) >= 3
    assert scene.store.outbox.forget(later) >= 2

    (event,) = deliveries(slack, lambda event: event.get("ts") == thread_ts)
    (click,) = [one.envelope_id for one in slack.deliveries if one.payload.get("type") == "block_actions"]
    before = len(slack.deliveries)
    slack.resend(event)
    slack.resend(click)
    scene.eventually(lambda: len(slack.deliveries) == before + 2, "both deliveries")
    scene.quiet()

    assert len(standing(scene, thread_ts, "aitl_suggestion")) == 1
    assert len(standing(scene, thread_ts, "aitl_reply")) == 1
