"""Rate tiers answer 429 and note who does not wait; ordered faults hit exactly the next calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import ManualClock, Person, Sandbox

CASES = "C08QW4SUP1A"


@pytest.fixture
def still_web(still_sandbox: Sandbox) -> WebClient:
    return WebClient(token=still_sandbox.bot_token, base_url=still_sandbox.api_url)


@pytest.fixture
def unlimited() -> Iterator[Sandbox]:
    with Sandbox(rate_limits=False) as sandbox:
        yield sandbox


def test_one_channel_takes_three_posts_at_once_and_then_one_a_second(
    still_web: WebClient, still_sandbox: Sandbox, clock: ManualClock
) -> None:
    for _ in range(3):
        still_web.chat_postMessage(channel=CASES, text="x")

    with pytest.raises(SlackApiError) as refused:
        still_web.chat_postMessage(channel=CASES, text="x")

    response = refused.value.response
    assert (response.status_code, response["error"], response.headers["retry-after"]) == (429, "ratelimited", "1")
    clock.advance(1)
    assert still_web.chat_postMessage(channel=CASES, text="x")["ok"]
    assert still_sandbox.violations == []


def test_another_channel_has_its_own_limit(still_web: WebClient) -> None:
    for channel in (CASES, CASES, CASES, "C08LD7SUP2B"):
        assert still_web.chat_postMessage(channel=channel, text="x")["ok"]


def test_calling_again_before_the_time_is_noted(still_web: WebClient, still_sandbox: Sandbox) -> None:
    for _ in range(3):
        still_web.chat_postMessage(channel=CASES, text="x")

    for _ in range(2):
        with pytest.raises(SlackApiError):
            still_web.chat_postMessage(channel=CASES, text="x")

    assert [breach.rule for breach in still_sandbox.violations] == ["ignored_retry_after"]


def test_a_tier_two_method_takes_twenty_calls_a_minute(still_web: WebClient, clock: ManualClock) -> None:
    for _ in range(20):
        still_web.users_list()

    with pytest.raises(SlackApiError, match="ratelimited"):
        still_web.users_list()

    clock.advance(3)
    assert still_web.users_list()["ok"]


def test_limits_can_be_switched_off(unlimited: Sandbox) -> None:
    web = WebClient(token=unlimited.bot_token, base_url=unlimited.api_url)

    for _ in range(10):
        assert web.chat_postMessage(channel=CASES, text="x")["ok"]


def test_a_fault_hits_the_next_calls_and_no_more(sandbox: Sandbox, web: WebClient, ada: Person) -> None:
    sandbox.fail_next("chat.postMessage", error="fatal_error", times=2)

    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            web.chat_postMessage(channel=CASES, text="lost")
    web.chat_postMessage(channel=CASES, text="kept")

    assert [message["text"] for message in ada.messages("support-cases")] == ["kept"]


def test_a_server_error_has_its_status(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.fail_next("chat.postMessage", status=500)

    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=CASES, text="x")

    assert refused.value.response.status_code == 500


def test_an_ordered_rate_limit_says_when_to_come_back(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.fail_next("users.info", error="ratelimited", retry_after_s=7)

    with pytest.raises(SlackApiError) as refused:
        web.users_info(user="U08AD1AGNT1")

    assert (refused.value.response.status_code, refused.value.response.headers["retry-after"]) == (429, "7")


def test_a_connection_can_break_after_the_message_was_written(sandbox: Sandbox, web: WebClient, ada: Person) -> None:
    web.retry_handlers.clear()
    sandbox.fail_next("chat.postMessage", drop_after_write=True)

    with pytest.raises(ConnectionError):
        web.chat_postMessage(channel=CASES, text="written all the same")

    assert [message["text"] for message in ada.messages("support-cases")] == ["written all the same"]


def test_an_answer_can_be_slow(still_sandbox: Sandbox, still_web: WebClient, clock: ManualClock) -> None:
    still_web.timeout = 1
    still_sandbox.fail_next("auth.test", delay_s=60)

    with pytest.raises(TimeoutError):
        still_web.auth_test()
