"""Slack's rules that the sandbox enforces, each broken on purpose.

Where the others are broken:

* known methods, arguments, tokens, scopes, limits of blocks and text, own messages only: test_web_api
* tiers, Retry-After, faults on order: test_limits_and_faults
* one acknowledgement, in three seconds, of what was sent; retries; addresses and number of sockets: test_socket_mode
* triggers, hashes, stacks, answers to forms: test_views; response addresses, interactivity: test_clicks
* subscriptions, shared channels, user groups: test_events; guests and strangers: test_people
* signed requests, their retries and their answers: test_http_delivery
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import ManualClock, Person, Sandbox, wait_for
from bot.sandbox.people import Refused

CASES = "C08QW4SUP1A"
Break = Callable[[WebClient, Sandbox], object]


def view(title: str = "Form") -> dict[str, Any]:
    text = {"type": "plain_text", "text": title}
    return {"type": "modal", "title": text, "blocks": [{"type": "divider"}]}


def a_reply(web: WebClient) -> str:
    root = web.chat_postMessage(channel=CASES, text="root")["ts"]
    return str(web.chat_postMessage(channel=CASES, text="reply", thread_ts=root)["ts"])


# What an app does wrong, the error that it gets, the rule that is noted.
BREACHES: dict[str, tuple[Break, str, str]] = {
    "a method that does not exist": (lambda web, _: web.api_call("chat.shout"), "unknown_method", "unknown_method"),
    "a missing argument": (lambda web, _: web.api_call("users.info"), "invalid_arguments", "arguments"),
    "an unknown argument": (
        lambda web, _: web.api_call("users.info", params={"user": "U08AD1AGNT1", "colour": "red"}),
        "invalid_arguments",
        "arguments",
    ),
    "a number that is none": (
        lambda web, _: web.api_call("users.list", params={"limit": "many"}),
        "invalid_arguments",
        "arguments",
    ),
    "a view named twice": (
        lambda web, _: web.api_call("views.update", json={"view_id": "V1", "external_id": "x", "view": view()}),
        "invalid_arguments",
        "arguments",
    ),
    "a trigger that was never given out": (
        lambda web, _: web.views_open(trigger_id="1.2.3", view=view()),
        "invalid_trigger_id",
        "invalid_trigger",
    ),
    "a title that is too long": (
        lambda web, _: web.views_open(trigger_id="1.2.3", view=view("x" * 25)),
        "invalid_arguments",
        "block_kit",
    ),
    "a block of another surface": (
        lambda web, _: web.chat_postMessage(channel=CASES, text="x", blocks=[{"type": "alert", "text": "x"}]),
        "invalid_blocks",
        "block_kit",
    ),
    "a block_id twice": (
        lambda web, _: web.chat_postMessage(channel=CASES, text="x", blocks=[{"type": "divider", "block_id": "b"}] * 2),
        "invalid_blocks",
        "block_kit",
    ),
    "more than fifty blocks": (
        lambda web, _: web.chat_postMessage(channel=CASES, text="x", blocks=[{"type": "divider"}] * 51),
        "invalid_blocks",
        "block_kit",
    ),
    "a thread that never was": (
        lambda web, _: web.chat_postMessage(channel=CASES, text="x", thread_ts="1.000000"),
        "thread_not_found",
        "thread_ts_unknown",
    ),
    "a reply taken for a root": (
        lambda web, _: web.chat_postMessage(channel=CASES, text="x", thread_ts=a_reply(web)),
        "cannot_reply_to_message",
        "thread_ts_not_root",
    ),
    "a private note in a thread that never was": (
        lambda web, _: web.chat_postEphemeral(channel=CASES, user="U08AD1AGNT1", text="x", thread_ts="1.000000"),
        "thread_not_found",
        "thread_ts_unknown",
    ),
    "a status in a thread that never was": (
        lambda web, _: web.assistant_threads_setStatus(channel_id=CASES, thread_ts="1.000000", status="drafting"),
        "thread_not_found",
        "thread_ts_unknown",
    ),
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_refused_and_noted(name: str, sandbox: Sandbox, web: WebClient) -> None:
    act, error, rule = BREACHES[name]

    with pytest.raises(SlackApiError) as refused:
        act(web, sandbox)

    assert refused.value.response["error"] == error
    assert {breach.rule for breach in sandbox.violations} == {rule}


@pytest.mark.parametrize(
    ("method", "arguments", "per_minute"),
    [
        ("usergroups.list", {}, 20),
        ("conversations.info", {"channel": CASES}, 50),
        ("users.info", {"user": "U08AD1AGNT1"}, 100),
    ],
)
def test_each_tier_takes_its_number_of_calls_a_minute(
    still_sandbox: Sandbox, clock: ManualClock, method: str, arguments: dict[str, str], per_minute: int
) -> None:
    web = WebClient(token=still_sandbox.bot_token, base_url=still_sandbox.api_url)

    for _ in range(per_minute):
        web.api_call(method, params=arguments)
    with pytest.raises(SlackApiError) as refused:
        web.api_call(method, params=arguments)
    clock.advance(60)

    assert refused.value.response.status_code == 429
    assert web.api_call(method, params=arguments)["ok"]


def test_a_call_before_an_ordered_pause_is_over_is_refused_and_noted(
    still_sandbox: Sandbox, clock: ManualClock
) -> None:
    web = WebClient(token=still_sandbox.bot_token, base_url=still_sandbox.api_url)
    still_sandbox.fail_next("chat.postMessage", error="ratelimited", retry_after_s=30)

    def post() -> int:
        try:
            return web.chat_postMessage(channel=CASES, text="x").status_code
        except SlackApiError as error:
            return int(error.response.status_code)

    answers = [post()]
    clock.advance(29)
    answers.append(post())
    clock.advance(1)
    answers.append(post())

    assert answers == [429, 429, 200]
    assert [breach.detail for breach in still_sandbox.violations] == [
        f"called chat.postMessage in {CASES} 1.0 s too early"
    ]


def test_a_click_that_is_not_acknowledged_is_never_sent_again(
    still_sandbox: Sandbox, clock: ManualClock, connect: Callable[[Sandbox], Any], in_background: Any
) -> None:
    hand = connect(still_sandbox)
    in_background(still_sandbox.person("ada").command, "help")
    hand.receive()

    clock.advance(3.1)
    wait_for(lambda: still_sandbox.violations)
    clock.advance(3600)

    assert hand.receive_nothing()
    assert [breach.detail for breach in still_sandbox.violations] == [
        "command /aitl help was not acknowledged within 3 s"
    ]


def test_an_answer_to_a_click_hangs_on_an_existing_root_only(sandbox: Sandbox, hand: Any, in_background: Any) -> None:
    in_background(sandbox.person("ada").command, "help")
    url = hand.take()["response_url"]

    answer = httpx.post(url, json={"text": "x", "thread_ts": "1.000000"})

    assert (answer.status_code, answer.json()["error"]) == (400, "thread_not_found")
    assert [breach.rule for breach in sandbox.violations] == ["thread_ts_unknown"]


def test_a_socket_is_told_nothing_but_acknowledgements(sandbox: Sandbox, hand: Any) -> None:
    for text in ("hello", "[]", json.dumps({"type": "ping"})):
        hand.socket.send(text)

    wait_for(lambda: len(sandbox.violations) == 3)
    assert {breach.rule for breach in sandbox.violations} == {"socket_message"}


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_a_socket_may_be_ended_for_each_of_slacks_reasons(sandbox: Sandbox, hand: Any, reason: str) -> None:
    sandbox.disconnect_sockets(reason, close=False)

    told = hand.receive()

    assert (told["type"], told["reason"]) == ("disconnect", reason)
    sandbox.person("customer").post("support-cases", "still open")
    assert hand.take()["event"]["text"] == "still open"


@pytest.mark.parametrize(("fault", "status"), [({"status": 500}, 500), ({"error": "ratelimited"}, 429)])
def test_a_connection_may_be_refused_for_now(
    sandbox: Sandbox, connect: Callable[[Sandbox], Any], fault: dict[str, Any], status: int
) -> None:
    sandbox.fail_next("apps.connections.open", **fault)

    with pytest.raises(SlackApiError) as refused:
        connect(sandbox)

    assert refused.value.response.status_code == status


def test_a_free_plan_knows_no_user_groups(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.set_plan(is_free=True)

    for call in (web.usergroups_list, lambda: web.usergroups_users_list(usergroup="S08LEADSG1D")):
        with pytest.raises(SlackApiError, match="plan_upgrade_required"):
            call()
    sandbox.set_plan(is_free=False)

    assert web.usergroups_list()["ok"]


def test_who_left_can_do_nothing_and_is_told_apart(sandbox: Sandbox, web: WebClient, hand: Any, ada: Person) -> None:
    sandbox.change_user("ada", deleted=True)

    with pytest.raises(Refused, match="There is no user"):
        ada.post("support-cases", "Am I still here?")

    assert hand.take()["event"]["user"]["deleted"] is True
    assert web.users_info(user=ada.user_id)["user"]["deleted"] is True
