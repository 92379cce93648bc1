"""Connections come and go while cases and clicks arrive: every case gets its drafts once, every click counts once."""

from __future__ import annotations

import random
from typing import Any

import pytest

ENDINGS: tuple[dict[str, Any], ...] = (
    {"close": False},
    {"only": 1},
    {"only": 1, "warn": False},
    {"only": 1, "abrupt": True},
    {"abrupt": True},
)


@pytest.mark.slow
def test_a_bot_whose_connections_come_and_go_loses_nothing_and_doubles_nothing(scene: Any, slack: Any) -> None:
    chance = random.Random(7)
    ben, choices = scene.person("ben"), ("a3", "a1", "tie", "b2")
    threads: list[str] = []
    clicked: set[str] = set()
    acked: set[str] = set()

    for number in range(10):
        slack.disconnect_sockets(**ENDINGS[number % len(ENDINGS)])
        threads.append(ben.post("support-cases", f"Question {number}: when will I get my refund?"))
        message = scene.suggestion(chance.choice(threads))
        scene.eventually(lambda: slack.connections, "a connection")
        answer = scene.person("ada").click(scene.cases, message["ts"], f"preference.{chance.choice(choices)}")
        clicked.add(message["ts"])
        if answer["acked"]:
            acked.add(message["ts"])

    for thread_ts in threads:
        scene.suggestion(thread_ts)
    scene.quiet()
    assert scene.store.cases.count() == 10
    assert scene.store.suggestions.count() == 10
    standing = [one for one in scene.store.annotations.all("preference") if one.stands]
    assert 3 <= len(acked) <= len(standing) <= len(clicked)  # a click whose connection broke may count all the same


def test_a_click_in_the_moment_of_a_refresh_is_kept_once(scene: Any, slack: Any) -> None:
    _, message = scene.post_case()

    for choice in ("a3", "b1", "a2"):
        slack.disconnect_sockets("warning", close=False)
        scene.click("ada", message, f"preference.{choice}")

    scene.quiet()
    stored = list(scene.store.annotations.all("preference"))
    assert [(one.strength, one.stands) for one in stored] == [(3, False), (1, False), (2, True)]
