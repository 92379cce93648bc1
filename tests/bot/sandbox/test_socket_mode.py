"""Socket Mode: tickets, greetings, routing, the three seconds to acknowledge, retries and lost connections."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect as connect_websocket

from bot.sandbox import ManualClock, Person, Sandbox, wait_for

Connect = Callable[[Sandbox], Any]


def rules(sandbox: Sandbox) -> list[str]:
    return [breach.rule for breach in sandbox.violations]


def test_a_connection_is_greeted_with_the_number_of_connections(sandbox: Sandbox, connect: Connect) -> None:
    first = connect(sandbox)
    second = connect(sandbox)

    assert (first.hello["type"], first.hello["num_connections"]) == ("hello", 1)
    assert second.hello["num_connections"] == 2
    assert second.hello["connection_info"] == {"app_id": "A08AT1L5BXQ"}


def test_an_address_works_once(sandbox: Sandbox, hand: Any) -> None:
    with pytest.raises(InvalidStatus), connect_websocket(hand.url, proxy=None) as again:
        again.recv(timeout=2)

    assert rules(sandbox) == ["socket_ticket"]


def test_the_bot_token_opens_no_connection(sandbox: Sandbox) -> None:
    client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)

    with pytest.raises(SlackApiError) as refused:
        client.apps_connections_open(app_token=sandbox.bot_token)

    assert refused.value.response["error"] == "not_allowed_token_type"
    assert rules(sandbox) == ["token_type"]


def test_an_event_carries_what_slack_puts_around_it(hand: Any, customer: Person) -> None:
    ts = customer.post("support-cases", "Hello")

    envelope = hand.receive()

    payload = envelope["payload"]
    assert (envelope["type"], envelope["retry_attempt"], envelope["accepts_response_payload"]) == (
        "events_api",
        0,
        False,
    )
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == "U08AT1L5BXS"
    assert (payload["event"]["ts"], payload["event"]["channel_type"]) == (ts, "channel")
    assert payload["event"]["blocks"][0]["type"] == "rich_text"


def test_each_payload_goes_to_one_connection_only(sandbox: Sandbox, connect: Connect, customer: Person) -> None:
    connections = [connect(sandbox), connect(sandbox)]

    for number in range(12):
        customer.post("support-cases", f"Case {number}")
    received = [0, 0]
    for index, connection in enumerate(connections):
        while not connection.receive_nothing():
            received[index] += 1

    assert sum(received) == 12
    assert min(received) > 0


def test_an_event_without_acknowledgement_comes_again_at_once_after_a_minute_and_after_five(
    still_sandbox: Sandbox, clock: ManualClock, connect: Connect
) -> None:
    hand = connect(still_sandbox)
    still_sandbox.person("customer").post("support-cases", "Hello")
    attempts = [hand.receive()]

    for wait_s in (0, 60, 300):
        clock.advance(3)
        wait_for(lambda: len(still_sandbox.violations) == len(attempts))
        if wait_s:
            assert hand.receive_nothing()
            clock.advance(wait_s)
        attempts.append(hand.receive())
    hand.ack(attempts[-1])

    assert [attempt["retry_attempt"] for attempt in attempts] == [0, 1, 2, 3]
    assert attempts[1]["retry_reason"] == "timeout"
    assert len({attempt["payload"]["event_id"] for attempt in attempts}) == 1
    assert rules(still_sandbox) == ["unacked", "unacked", "unacked"]


def test_an_acknowledgement_after_three_seconds_is_late(
    still_sandbox: Sandbox, clock: ManualClock, connect: Connect
) -> None:
    hand = connect(still_sandbox)
    still_sandbox.person("customer").post("support-cases", "Hello")
    envelope = hand.receive()
    clock.advance(3)
    wait_for(lambda: rules(still_sandbox) == ["unacked"])

    hand.ack(envelope)

    wait_for(lambda: rules(still_sandbox) == ["unacked", "late_ack"])


def test_acknowledging_twice_or_something_unknown_is_noted(sandbox: Sandbox, hand: Any, customer: Person) -> None:
    customer.post("support-cases", "Hello")
    envelope = hand.receive()

    hand.ack(envelope)
    hand.ack(envelope)
    hand.ack({"envelope_id": "made-up"})

    wait_for(lambda: rules(sandbox) == ["double_ack", "unknown_ack"])


def test_what_happens_while_the_app_is_away_is_delivered_when_it_connects(
    sandbox: Sandbox, connect: Connect, customer: Person
) -> None:
    customer.post("support-cases", "Is anybody there?")

    hand = connect(sandbox)

    assert hand.take()["event"]["text"] == "Is anybody there?"


def test_a_click_while_the_app_is_away_fails_at_once(sandbox: Sandbox, web: WebClient, ada: Person) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    ts = web.chat_postMessage(channel=sandbox.channel("support-cases").id, text="x", blocks=blocks)["ts"]

    answer = ada.click("support-cases", ts, "go")

    assert answer == {"ok": False, "acked": False, "error": "The app is not connected."}


def test_slack_asks_to_connect_anew_and_leaves_the_old_connection_open(sandbox: Sandbox, hand: Any) -> None:
    sandbox.disconnect_sockets("warning", close=False)

    goodbye = hand.receive()

    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "warning")
    assert hand.receive_nothing()
    assert sandbox.is_app_online


def test_a_connection_can_break_without_a_goodbye(sandbox: Sandbox, hand: Any) -> None:
    sandbox.disconnect_sockets(abrupt=True)

    with pytest.raises(ConnectionClosedError):
        hand.receive()
    wait_for(lambda: not sandbox.is_app_online)


def test_an_event_lost_with_its_connection_comes_again_without_blame(
    still_sandbox: Sandbox, clock: ManualClock, connect: Connect
) -> None:
    first = connect(still_sandbox)
    still_sandbox.person("customer").post("support-cases", "Hello")
    lost = first.receive()
    still_sandbox.disconnect_sockets(abrupt=True)
    second = connect(still_sandbox)

    clock.advance(3)
    again = second.receive()

    assert (again["retry_attempt"], again["retry_reason"]) == (1, "connection_failed")
    assert again["payload"]["event_id"] == lost["payload"]["event_id"]
    assert still_sandbox.violations == []


def test_the_eleventh_connection_is_one_too_many(sandbox: Sandbox, connect: Connect) -> None:
    for _ in range(10):
        connect(sandbox)

    eleventh = connect(sandbox)

    assert eleventh.hello["reason"] == "too_many_websockets"
    with pytest.raises(ConnectionClosed):
        eleventh.receive()


def test_a_delivered_event_can_be_delivered_again(sandbox: Sandbox, hand: Any, customer: Person) -> None:
    customer.post("support-cases", "Hello")
    first = hand.receive()
    hand.ack(first)

    sandbox.resend(first["envelope_id"])

    assert hand.take()["event_id"] == first["payload"]["event_id"]


def test_events_that_are_held_back_are_delivered_when_they_are_released(sandbox: Sandbox, hand: Any, ada: Any) -> None:
    sandbox.hold_events()
    texts = [f"message {number}" for number in range(4)]
    for text in texts:
        ada.post("support-cases", text)
    assert hand.receive_nothing()

    sandbox.release_events(copies=2, seed=3)

    heard = [hand.take() for _ in range(8)]
    assert sorted(one["event"]["text"] for one in heard) == sorted(texts * 2)
    assert [one["event"]["text"] for one in heard] != texts * 2
    assert len({one["event_id"] for one in heard}) == 4


def test_a_click_can_be_delivered_once_more_with_the_same_ids(sandbox: Sandbox, hand: Any, ada: Any) -> None:
    answer = Thread(target=ada.command, args=("help",))
    answer.start()
    first = hand.receive()
    hand.ack(first)
    answer.join()

    sandbox.resend(first["envelope_id"])

    again = hand.receive()
    hand.ack(again)
    assert (again["type"], again["payload"]) == ("slash_commands", first["payload"])
    assert again["envelope_id"] != first["envelope_id"]
