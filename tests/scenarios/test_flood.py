"""Sixty cases at once, and a suggester that takes its time: oldest first, everybody knows their place, clicks go on."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from bot.inbox import DRAFTS

FLOOD = 60


class Gate:
    """Lets drafts through as often as it is told; remembers in which order they came to it."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self._tickets = threading.Semaphore(0)

    def __call__(self, case: Any) -> None:
        self.order.append(case.text)
        assert self._tickets.acquire(timeout=120)

    def let(self, count: int) -> None:
        self._tickets.release(count)


def statuses(slack: Any, thread_ts: str) -> list[str]:
    """What this thread has shown, in order."""
    calls = [call for call in slack.calls if call.method == "assistant.threads.setStatus"]
    return [str(call.args["status"]) for call in calls if call.args["thread_ts"] == thread_ts]


def drafted(scene: Any) -> int:
    return int(scene.store.suggestions.count())


@pytest.fixture
def gate(scene: Any) -> Gate:
    return Gate()


@pytest.mark.slow
def test_a_flood_is_drafted_oldest_first_and_every_thread_shows_its_place(scene: Any, slack: Any, gate: Gate) -> None:
    scene.parts.suggester.before = gate
    ben = scene.person("ben")
    threads = [ben.post("support-cases", "Question 0: where is my refund?")]
    scene.eventually(lambda: gate.order, "the first to be drafted")  # events may overtake each other
    threads += [ben.post("support-cases", f"Question {number}: where is my refund?") for number in range(1, FLOOD)]
    scene.eventually(lambda: scene.store.cases.count() == FLOOD, "all cases")

    scene.eventually(lambda: all(statuses(slack, one) for one in threads), "a status in each thread")
    assert statuses(slack, threads[0]) == ["is drafting…"]
    assert re.fullmatch(r"is drafting other cases first: \d+ before this one", statuses(slack, threads[-1])[-1])

    gate.let(FLOOD)
    scene.eventually(lambda: drafted(scene) == FLOOD, "all drafts")
    opened = [case.text for case in reversed(scene.store.cases.recent(FLOOD))]
    places = [opened.index(text) for text in gate.order]
    assert all(abs(place - turn) <= 1 for turn, place in enumerate(places))  # two are drafted at a time


@pytest.mark.slow
def test_a_flood_holds_up_no_click_no_reply_and_nobody_who_asks_again(scene: Any, slack: Any, gate: Gate) -> None:
    thread_ts, message = scene.post_case()
    scene.parts.suggester.before = gate
    ben = scene.person("ben")
    for number in range(FLOOD):
        ben.post("support-cases", f"Question {number}: where is my refund?")
    scene.eventually(lambda: scene.store.inbox.pending(DRAFTS) >= FLOOD, "the flood")

    scene.click("ada", message, "preference.a3")
    scene.click("ada", message, "use.a")
    scene.eventually(lambda: list(scene.store.annotations.all("preference")), "the preference")
    scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    assert drafted(scene) == 1

    scene.parts.suggester.before = None
    scene.click("ada", message, "again")
    scene.suggestion(thread_ts, 2)
    assert scene.store.inbox.pending(DRAFTS) >= FLOOD

    gate.let(FLOOD)


@pytest.mark.slow
def test_what_an_agent_sends_goes_out_before_the_drafts_of_a_flood(scene: Any, slack: Any) -> None:
    thread_ts, message = scene.post_case()
    ben = scene.person("ben")
    for number in range(20):
        ben.post("support-cases", f"Question {number}: where is my refund?")
    scene.eventually(lambda: drafted(scene) >= 15, "most drafts")

    scene.click("ada", message, "use.a")
    scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")

    posts = [call for call in slack.calls if call.method == "chat.postMessage" and call.response.get("ok")]
    assert len(posts) < 20  # one a second: the drafts are still on their way


def test_the_command_tells_the_place_in_the_queue(scene: Any, gate: Gate) -> None:
    scene.parts.suggester.before = gate
    ben = scene.person("ben")
    for number in range(4):
        ben.post("support-cases", f"Question {number}: where is my refund?")
    scene.eventually(lambda: scene.store.inbox.pending(DRAFTS) == 4, "the cases")
    ada, newest = scene.person("ada"), scene.store.cases.recent(1)[0].id

    ada.command(f"case {newest}")

    scene.eventually(lambda: "Cases before this one: 3." in str(ada.messages("support-cases")), "the place")
    gate.let(4)


def test_a_status_is_taken_away_where_no_drafts_come(scene: Any, slack: Any, gate: Gate) -> None:
    scene.parts.suggester.before = gate
    thread_ts = scene.person("ben").post("support-cases", "Where is my refund?")
    scene.eventually(lambda: statuses(slack, thread_ts) == ["is drafting…"], "the status")

    scene.person("ben").delete("support-cases", thread_ts)
    scene.eventually(lambda: scene.store.cases.recent(1)[0].status == "withdrawn", "the deletion")
    gate.let(1)

    scene.eventually(lambda: statuses(slack, thread_ts) == ["is drafting…", ""], "the status to go")
