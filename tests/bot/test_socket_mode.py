"""Socket Mode: connections are replaced when they end, break or fall silent, and no delivery goes unanswered."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.line import Timing
from bot.sandbox import Sandbox, wait_for
from bot.socket_mode import Sockets
from core.errors import ConfigurationError
from core.settings import Secret

BRISK = Timing(ping_s=0.2, silent_s=1.0, hello_s=5.0, drain_s=1.0, backoff_s=(0.1, 1.0), settled_s=0.2)


class Bot:
    """What the receiver reports to, and an app that only acknowledges."""

    def __init__(self, slack: Sandbox) -> None:
        client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        self.app = App(client=client, signing_secret="unused")
        self.said: list[str] = []
        self.gaps = 0
        self.texts: list[str] = []
        self.before_answer: Callable[[], None] = lambda: None

        @self.app.event("message")
        def handle_message(event: dict[str, Any]) -> None:
            self.texts.append(event["text"])

        @self.app.action("go")
        def handle_go(ack: Ack) -> None:
            self.before_answer()
            ack()

    def faults(self) -> list[str]:
        return []

    def catch_up(self) -> None:
        self.gaps += 1

    def give_up(self, sentence: str) -> None:
        self.said.append(sentence)


@pytest.fixture
def bot(slack: Sandbox) -> Bot:
    return Bot(slack)


@pytest.fixture
def connect(slack: Sandbox, bot: Bot) -> Iterator[Callable[..., Sockets]]:
    """Connects the bot; all is closed at the end, and no thread is left over."""
    before = set(threading.enumerate())
    opened: list[Sockets] = []

    def make(timing: Timing = BRISK, **changes: Any) -> Sockets:
        sockets = Sockets(bot.app, Secret(slack.app_token), bot, timing, **changes)
        opened.append(sockets)
        sockets.connect()
        return sockets

    yield make
    for sockets in opened:
        sockets.close()
    wait_for(lambda: not {one for one in threading.enumerate() if one.name.startswith("aitl-")} - before, 10)


def button(slack: Sandbox) -> str:
    """A message with a button `go`."""
    block = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
    client = WebClient(token=slack.bot_token, base_url=slack.api_url)
    return str(client.chat_postMessage(channel=slack.channel("support-cases").id, text="x", blocks=[block])["ts"])


def opened(slack: Sandbox) -> int:
    """How many addresses for connections were given out so far."""
    return sum(call.method == "apps.connections.open" and call.response.get("ok", False) for call in slack.calls)


def wait_for_others_than(slack: Sandbox, old: list[Any]) -> None:
    """Return once two connections are open and none of the old ones is."""
    wait_for(lambda: len(slack.connections) == 2 and not set(slack.connections) & set(old), 15, "two new connections")


def test_both_lines_are_open_when_it_says_so(slack: Sandbox, connect: Any) -> None:
    sockets = connect()

    assert sockets.is_connected
    wait_for(lambda: len(slack.connections) == 2, 5)


def test_broken_connections_are_replaced_at_once(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect(Timing())  # the first sign of life would only be asked for after ten seconds
    started = time.monotonic()

    old = slack.connections

    slack.disconnect_sockets(abrupt=True)
    wait_for_others_than(slack, old)
    slack.person("ada").post("support-cases", "Are you there?")

    wait_for(lambda: bot.texts == ["Are you there?"], 5, "the message")
    assert time.monotonic() - started < 8
    assert (bot.gaps, bot.said, slack.violations) == (0, [], [])


def test_closed_connections_are_replaced_at_once(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect(Timing())

    old = slack.connections
    slack.disconnect_sockets(warn=False)

    wait_for_others_than(slack, old)
    assert bot.said == []


def test_a_connection_that_falls_silent_is_replaced(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect()

    old = slack.connections
    slack.freeze_sockets()

    wait_for_others_than(slack, old)
    slack.person("ada").post("support-cases", "Are you there?")
    wait_for(lambda: bot.texts == ["Are you there?"], 5, "the message")


def test_a_connection_that_is_only_quiet_is_kept(slack: Sandbox, connect: Any) -> None:
    connect()

    time.sleep(2.5)  # two and a half times as long as the silence that ends a connection

    assert opened(slack) == 2


def test_a_refresh_opens_the_new_connection_first_and_ends_the_old_one_itself(
    slack: Sandbox, bot: Bot, connect: Any
) -> None:
    connect()
    ts = button(slack)

    old = slack.connections
    slack.disconnect_sockets("refresh_requested", close=False)
    answers = [slack.person("ada").click("support-cases", ts, "go") for _ in range(20)]

    assert all(answer["acked"] for answer in answers), answers
    wait_for_others_than(slack, old)
    assert (bot.gaps, slack.violations) == (0, [])


@pytest.mark.parametrize("end", [{"close": True}, {"close": False}, {"warn": False}])
def test_while_one_connection_is_replaced_the_other_takes_the_clicks(
    slack: Sandbox, connect: Any, end: dict[str, bool]
) -> None:
    connect()
    ts, ada = button(slack), slack.person("ada")

    for _ in range(5):
        wait_for(lambda: len(slack.connections) == 2, 5, "both connections")
        slack.disconnect_sockets(only=1, **end)
        answers = [ada.click("support-cases", ts, "go") for _ in range(4)]

        assert all(answer["acked"] for answer in answers), answers
    assert slack.violations == []


def test_what_came_in_by_a_connection_that_broke_is_answered_by_another(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect()
    ts = button(slack)
    bot.before_answer = lambda: slack.disconnect_sockets(abrupt=True)

    answer = slack.person("ada").click("support-cases", ts, "go")

    assert answer["acked"], answer


@pytest.mark.parametrize(
    "fault", [{"error": "ratelimited", "retry_after_s": 2}, {"status": 500}, {"error": "fatal_error"}]
)
def test_no_address_for_a_connection_is_asked_for_again_when_slack_allows_it(
    slack: Sandbox, bot: Bot, connect: Any, fault: dict[str, Any]
) -> None:
    connect()
    slack.fail_next("apps.connections.open", times=2, **fault)

    old = slack.connections
    slack.disconnect_sockets(abrupt=True)

    wait_for_others_than(slack, old)
    assert (bot.said, slack.violations) == ([], [])


def test_without_any_connection_for_too_long_it_gives_up_in_one_sentence(
    slack: Sandbox, bot: Bot, connect: Any
) -> None:
    connect(patience_s=1.0)
    slack.fail_next("apps.connections.open", status=500, times=1000)

    slack.disconnect_sockets(abrupt=True)

    wait_for(lambda: bot.said, 8, "it to give up")
    assert bot.said == [
        "Slack could not be reached for 1 s: Slack gave no address for a WebSocket (HTTP status 500). "
        "Check the network; whoever supervises this process should start it again."
    ]


def test_socket_mode_turned_off_ends_it_with_what_to_do(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect()

    slack.disconnect_sockets("link_disabled")

    wait_for(lambda: bot.said, 8, "it to give up")
    assert set(bot.said) == {
        "Socket Mode was turned off for this app. Turn it on at api.slack.com/apps → Socket Mode, and start aitl again."
    }


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked"])
def test_a_token_taken_away_ends_it_with_what_to_do(slack: Sandbox, bot: Bot, connect: Any, code: str) -> None:
    connect()
    slack.fail_next("apps.connections.open", error=code, times=1000)

    slack.disconnect_sockets(abrupt=True)

    wait_for(lambda: bot.said, 8, "it to give up")
    assert set(bot.said) == {
        f"SLACK_APP_TOKEN was refused by Slack ({code}). Copy the app-level token (xapp-...) from "
        "api.slack.com/apps → Basic Information → App-Level Tokens."
    }


def test_a_wrong_token_is_a_matter_of_configuration_at_the_start(slack: Sandbox, bot: Bot) -> None:
    sockets = Sockets(bot.app, Secret("xapp-wrong"), bot, BRISK)

    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN was refused by Slack"):
        sockets.connect()

    sockets.close()
    assert bot.said == []


def test_a_start_without_any_connection_says_why(
    slack: Sandbox, bot: Bot, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.socket_mode.START_PATIENCE_S", 1.0)
    slack.fail_next("apps.connections.open", status=500, times=1000)

    with pytest.raises(ConfigurationError) as raised:
        connect()

    assert str(raised.value) == (
        "No WebSocket to Slack could be opened: Slack gave no address for a WebSocket (HTTP status 500)."
    )


def test_a_gap_is_told_once_there_is_a_way_in_again(
    slack: Sandbox, bot: Bot, connect: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.socket_mode.GAP_S", 0.5)
    connect()
    slack.fail_next("apps.connections.open", error="ratelimited", retry_after_s=2, times=1)

    old = slack.connections
    slack.disconnect_sockets(abrupt=True)

    wait_for_others_than(slack, old)
    wait_for(lambda: bot.gaps, 5, "the gap to be told")
    assert bot.gaps == 1


def test_where_slack_has_no_place_left_it_waits_for_one(slack: Sandbox, connect: Any) -> None:
    others = [connect() for _ in range(5)]
    waiting = threading.Thread(target=connect)
    waiting.start()
    wait_for(lambda: opened(slack) >= 13, 10, "it to try more than once")
    assert len(slack.connections) == 10

    others[0].close()
    waiting.join(15)

    wait_for(lambda: len(slack.connections) == 10, 5, "its connections")
    assert not waiting.is_alive()


def test_a_storm_of_closed_connections_is_met_with_patience(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect(Timing(backoff_s=(0.2, 30.0)))
    most = 0

    for _ in range(60):
        slack.disconnect_sockets(warn=False)
        most = max(most, len(slack.connections))
        time.sleep(0.05)

    assert opened(slack) <= 20
    assert most <= 10
    assert slack.violations == []


@pytest.mark.slow
def test_twenty_refreshes_leave_no_thread_and_no_file_behind(slack: Sandbox, bot: Bot, connect: Any) -> None:
    connect(Timing(ping_s=0.2, drain_s=0.5, backoff_s=(0.05, 0.1), settled_s=0.1))
    ts = button(slack)
    ada = slack.person("ada")
    ada.click("support-cases", ts, "go")
    before = counted()

    for number in range(1, 21):
        old = slack.connections
        slack.disconnect_sockets("refresh_requested", close=number % 2 == 0, abrupt=number % 5 == 0)
        wait_for_others_than(slack, old)
        assert ada.click("support-cases", ts, "go")["acked"]

    wait_for(lambda: counted()[0] <= before[0], 10, "the threads to be gone")
    wait_for(lambda: counted()[1] <= before[1], 10, "the files to be closed")


def counted() -> tuple[int, int]:
    """Connection threads, and open files of this process."""
    ours = sum(one.name in ("aitl-socket", "aitl-line", "aitl-watchdog") for one in threading.enumerate())
    return ours, len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))
