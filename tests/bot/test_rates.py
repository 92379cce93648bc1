"""Calls wait as long as Slack wants them to, and no longer."""

from __future__ import annotations

import pytest

from bot.rates import Rates


class Now:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def test_three_posts_to_a_channel_go_at_once_and_the_fourth_a_second_later() -> None:
    rates = Rates(Now())

    for _ in range(3):
        assert rates.wait_s("chat.postMessage", "C1") == 0
        rates.took("chat.postMessage", "C1")

    assert 1.0 <= rates.wait_s("chat.postMessage", "C1") < 1.1
    assert rates.wait_s("chat.postMessage", "C2") == 0


def test_one_message_is_updated_at_most_every_second_and_a_half() -> None:
    now = Now()
    rates = Rates(now)
    rates.took("chat.update", "C1", "sug_1")

    now.s += 1.0

    assert rates.wait_s("chat.update", "C1", "sug_1") == pytest.approx(0.5)
    assert rates.wait_s("chat.update", "C1", "sug_2") == 0


def test_no_more_updates_a_minute_than_slack_allows() -> None:
    now = Now()
    rates = Rates(now)

    sent = 0
    for _ in range(600):  # a minute in tenths of a second
        while rates.wait_s("chat.update", "C1") == 0:
            rates.took("chat.update", "C1")
            sent += 1
        now.s += 0.1

    assert sent <= 100  # a full bucket of 50, and 50 more as it refills


def test_retry_after_holds_this_method_back() -> None:
    now = Now()
    rates = Rates(now)

    rates.block("chat.postMessage", "C1", 30)

    assert rates.wait_s("chat.postMessage", "C1") > 30
    assert rates.wait_s("chat.postMessage", "C2") == 0
    now.s += 31
    assert rates.wait_s("chat.postMessage", "C1") == 0
