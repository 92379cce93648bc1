"""A slow Slack and many cases at once: clicks are acknowledged in time, limits are kept, every case is drafted."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Event
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox, wait_for
from bot.sandbox.patience import Patience
from tests.scenarios.conftest import payload_of

ACK_WITHIN_MS = 2500
UPDATE_EVERY_S = 1.5
CHANNELS = 5
SLOW_METHODS = (
    *("chat.postMessage", "chat.update", "chat.postEphemeral", "chat.delete", "views.publish"),
    *("assistant.threads.setStatus", "users.info", "users.list", "conversations.info", "conversations.members"),
    *("conversations.replies", "conversations.history"),
)


@pytest.fixture
def channels(slack: Sandbox) -> list[str]:
    """Five case channels with two agents and a customer."""
    lea = slack.person("lea")
    made = [lea.create_channel(f"cases-{number}") for number in range(CHANNELS)]
    for channel in made:
        for name in ("ada", "ben", "customer"):
            lea.invite(channel, slack.user(name).id)
        lea.invite(channel, slack.bot_user_id)
    return made


@pytest.fixture
def crowd(play: Any, slack: Sandbox, channels: list[str]) -> Iterator[Any]:
    """A bot that watches all five."""
    yield play(case_channels=tuple(channels))


def drafted(scene: Any) -> int:
    """How many cases have their suggestion in Slack."""
    cases = scene.store.cases.recent(1000)
    latest = [scene.store.suggestions.latest(case.id) for case in cases]
    return sum(one is not None and scene.store.suggestions.state(one.id) == "live" for one in latest)


def wait_until_drafted(scene: Any, count: int, timeout_s: float) -> None:
    wait_for(lambda: drafted(scene) == count or None, timeout_s, f"{count} cases to be drafted")


def post_cases(customer: Person, channels: list[str], count: int) -> None:
    for number in range(count):
        customer.post(channels[number % len(channels)], f"When will I get my refund? ({number})")


def late_or_unacknowledged(slack: Sandbox) -> list[Any]:
    interactions = [one for one in slack.deliveries if one.type != "events_api"]
    return [one for one in interactions if one.acked_ms is None or one.acked_ms > ACK_WITHIN_MS * Patience.times]


@pytest.mark.slow
def test_fifty_cases_and_a_slack_that_takes_a_second_keep_no_click_waiting(crowd: Any, channels: list[str]) -> None:
    slack, people = crowd.slack, [crowd.person(name) for name in ("ada", "ben")]
    crowd.person("customer").post(channels[0], "How do I cancel a booking?")
    wait_until_drafted(crowd, 1, 30)
    message = _first_suggestion(crowd, channels[0])
    for method in SLOW_METHODS:
        slack.fail_next(method, delay_s=1.0, times=10_000)
    is_over = Event()

    post_cases(crowd.person("customer"), channels, 50)
    with ThreadPoolExecutor(len(people)) as agents:
        clicks = [agents.submit(_click_on_and_on, one, channels[0], message["ts"], is_over) for one in people]
        try:
            wait_until_drafted(crowd, 51, 200)
        finally:
            is_over.set()

    assert sum(click.result() for click in clicks) >= 20
    assert late_or_unacknowledged(slack) == []


def _first_suggestion(scene: Any, channel: str) -> dict[str, Any]:
    (root,) = [one for one in scene.person("ada").messages(channel) if "cancel" in one["text"]]
    thread = scene.person("ada").messages(channel, root["ts"])
    return next(one for one in thread if payload_of(one, "aitl_suggestion"))


def _click_on_and_on(person: Person, channel: str, ts: str, is_over: Event) -> int:
    """How many clicks were made until it was over."""
    made = 0
    while not is_over.wait(0.5):
        assert person.click(channel, ts, f"preference.{('a3', 'tie', 'b2')[made % 3]}")["acked"]
        made += 1
    return made


@pytest.mark.slow
def test_sixty_cases_in_a_minute_over_five_channels_keep_every_limit(crowd: Any, channels: list[str]) -> None:
    started_s = time.monotonic()
    clicker = ThreadPoolExecutor(1)
    with clicker:
        clicking = clicker.submit(_click_every_case, crowd, channels, 60)
        for number in range(60):
            crowd.person("customer").post(channels[number % CHANNELS], f"When will I get my refund? ({number})")
            time.sleep(max(0.0, started_s + number + 1 - time.monotonic()))
        wait_until_drafted(crowd, 60, 60)
        clicking.result()

    assert crowd.slack.violations == []  # a call before Retry-After would be one
    assert late_or_unacknowledged(crowd.slack) == []
    assert _updates_too_close(crowd.slack) == []


def _click_every_case(scene: Any, channels: list[str], count: int) -> None:
    """Two clicks on each suggestion as it appears, so that its message has to be updated."""
    ada, seen = scene.slack.person("ada"), set()
    while len(seen) < count:
        for case in scene.store.cases.recent(1000):
            suggestion = scene.store.suggestions.latest(case.id)
            posted = suggestion and scene.store.suggestions.posted(suggestion.id)
            if posted and case.id not in seen:
                seen.add(case.id)
                for choice in ("a3", "b1"):
                    assert ada.click(posted.channel, posted.ts, f"preference.{choice}")["acked"]
        time.sleep(0.1)


def _updates_too_close(slack: Sandbox) -> list[tuple[str, float]]:
    """Updates of one message that came sooner after each other than once in a second and a half."""
    at: dict[str, list[float]] = defaultdict(list)
    for call in slack.calls:
        if call.method == "chat.update" and call.response.get("ok"):
            at[call.args["ts"]].append(call.at)
    pairs = [(ts, later - earlier) for ts, times in at.items() for earlier, later in pairwise(times)]
    return [(ts, gap_s) for ts, gap_s in pairs if gap_s < UPDATE_EVERY_S]
