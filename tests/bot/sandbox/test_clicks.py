"""Clicks, menus, shortcuts and commands reach the app in Slack's true shape, and only where they exist."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import httpx
import pytest
import yaml
from slack_sdk import WebClient

from bot.sandbox import ManualClock, Person, Sandbox
from bot.sandbox.manifest import default_manifest_path
from bot.sandbox.people import Refused

CASES = "C08QW4SUP1A"
BLOCKS: list[dict[str, Any]] = [
    {
        "type": "section",
        "block_id": "snippet",
        "text": {"type": "mrkdwn", "text": "Refunds take five days"},
        "accessory": {
            "type": "overflow",
            "action_id": "relevance.1",
            "options": [
                {"text": {"type": "plain_text", "text": "Helpful"}, "value": "helpful"},
                {"text": {"type": "plain_text", "text": "Irrelevant"}, "value": "irrelevant"},
            ],
        },
    },
    {
        "type": "actions",
        "block_id": "choices",
        "elements": [
            {
                "type": "button",
                "action_id": "use.a",
                "value": "s1",
                "style": "primary",
                "text": {"type": "plain_text", "text": "Use"},
            },
            {
                "type": "static_select",
                "action_id": "tone",
                "options": [{"text": {"type": "plain_text", "text": "Warm"}, "value": "warm"}],
            },
            {"type": "users_select", "action_id": "owner"},
        ],
    },
]

InBackground = Callable[..., "Future[Any]"]


@pytest.fixture
def shown(web: WebClient, hand: Any, customer: Person) -> str:
    """A message of the app in a thread, with a menu and buttons; its events are taken."""
    root = customer.post("support-cases", "Case")
    hand.take()
    ts = web.chat_postMessage(channel=CASES, text="Two drafts", blocks=BLOCKS, thread_ts=root)["ts"]
    hand.take()
    return str(ts)


def test_a_button_arrives_with_message_container_state_and_handles(
    shown: str, hand: Any, ada: Person, in_background: InBackground
) -> None:
    answer = in_background(ada.click, "support-cases", shown, "use.a")

    envelope = hand.receive()
    hand.ack(envelope)

    payload = envelope["payload"]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("interactive", True)
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": ada.user_id, "username": "ada", "name": "ada", "team_id": "T08MK5Q2LRA"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": shown,
        "channel_id": CASES,
        "is_ephemeral": False,
        "thread_ts": payload["message"]["thread_ts"],
    }
    assert payload["channel"] == {"id": CASES, "name": "support-cases"}
    assert payload["message"]["ts"] == shown
    assert payload["trigger_id"]
    assert payload["response_url"].startswith("http://127.0.0.1:")
    action = payload["actions"][0]
    assert (action["type"], action["block_id"], action["action_id"]) == ("button", "choices", "use.a")
    assert (action["value"], action["style"]) == ("s1", "primary")
    assert action["text"] == {"type": "plain_text", "text": "Use", "emoji": True}
    assert answer.result() == {"ok": True, "acked": True}


def test_a_menu_arrives_with_the_chosen_option(shown: str, hand: Any, ada: Person, in_background: InBackground) -> None:
    in_background(ada.click, "support-cases", shown, "relevance.1", "irrelevant")

    action = hand.take()["actions"][0]

    assert (action["type"], action["selected_option"]["value"]) == ("overflow", "irrelevant")


def test_a_select_stays_chosen_in_the_state_of_the_message(
    shown: str, hand: Any, ada: Person, in_background: InBackground
) -> None:
    in_background(ada.click, "support-cases", shown, "owner", "U08BE2AGNT2")
    chosen = hand.take()
    in_background(ada.click, "support-cases", shown, "use.a")
    later = hand.take()

    assert chosen["actions"][0]["selected_user"] == "U08BE2AGNT2"
    assert later["state"]["values"]["choices"]["owner"] == {"type": "users_select", "selected_user": "U08BE2AGNT2"}
    assert later["state"]["values"]["choices"]["tone"] == {"type": "static_select", "selected_option": None}


def test_what_is_not_there_cannot_be_clicked(shown: str, ada: Person, customer: Person, sandbox: Sandbox) -> None:
    typed = customer.post("support-cases", "Mine")

    with pytest.raises(Refused, match=r"no element 'use\.c' here; there are: relevance\.1, use\.a, tone, owner"):
        ada.click("support-cases", shown, "use.c")
    with pytest.raises(Refused, match="does not offer 'maybe'; it offers: helpful, irrelevant"):
        ada.click("support-cases", shown, "relevance.1", "maybe")
    with pytest.raises(Refused, match="belongs to another app"):
        ada.click("support-cases", typed, "use.a")
    with pytest.raises(Refused, match="no message"):
        ada.click("support-cases", "1.000001", "use.a")


def test_a_click_on_an_ephemeral_message_carries_no_message(
    web: WebClient, hand: Any, ada: Person, in_background: InBackground
) -> None:
    ts = web.chat_postEphemeral(channel=CASES, user=ada.user_id, text="x", blocks=BLOCKS)["message_ts"]

    in_background(ada.click, "support-cases", ts, "use.a")
    payload = hand.take()

    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


def test_a_click_that_is_not_acknowledged_in_three_seconds_is_told_and_not_repeated(
    still_sandbox: Sandbox, clock: ManualClock, connect: Callable[[Sandbox], Any], in_background: InBackground
) -> None:
    web = WebClient(token=still_sandbox.bot_token, base_url=still_sandbox.api_url)
    ts = str(web.chat_postMessage(channel=CASES, text="x", blocks=BLOCKS)["ts"])
    hand = connect(still_sandbox)
    hand.take()
    answer = in_background(still_sandbox.person("ada").click, "support-cases", ts, "use.a")
    hand.receive()

    clock.advance(3)

    assert answer.result(timeout=60) == {
        "ok": False,
        "acked": False,
        "error": "The app did not answer in time. Try again?",
    }
    clock.advance(400)
    assert hand.receive_nothing()
    assert [breach.detail for breach in still_sandbox.violations] == [
        "block_actions use.a was not acknowledged within 3 s"
    ]


def test_a_global_shortcut_knows_no_channel(hand: Any, ada: Person, in_background: InBackground) -> None:
    in_background(ada.shortcut, "new_case")

    payload = hand.take()

    assert (payload["type"], payload["callback_id"]) == ("shortcut", "new_case")
    assert "channel" not in payload


def test_a_message_shortcut_works_where_the_app_is_no_member(
    hand: Any, ada: Person, customer: Person, in_background: InBackground
) -> None:
    ts = customer.post("random", "Is this a case?")

    in_background(ada.shortcut, "draft_replies", "random", ts)
    payload = hand.take()

    assert (payload["type"], payload["callback_id"]) == ("message_action", "draft_replies")
    assert (payload["channel"]["name"], payload["message_ts"]) == ("random", ts)
    assert payload["message"]["text"] == "Is this a case?"
    assert httpx.post(payload["response_url"], json={"text": "Invite me first."}).text == "ok"
    assert ada.messages("random")[-1]["text"] == "Invite me first."
    assert len(customer.messages("random")) == 1


def test_an_unknown_shortcut_or_command_is_refused(ada: Person) -> None:
    with pytest.raises(Refused, match="no shortcut 'fly'; it has: draft_replies, new_case"):
        ada.shortcut("fly")
    with pytest.raises(Refused, match="/fly is not a valid command; there are: /aitl"):
        ada.command("", command="/fly")


def test_a_command_arrives_flat_with_names_escaped(hand: Any, ada: Person, in_background: InBackground) -> None:
    in_background(ada.command, "case 7 for @ben in #random")

    envelope = hand.receive()
    hand.ack(envelope)

    payload = envelope["payload"]
    assert envelope["type"] == "slash_commands"
    assert (payload["command"], payload["text"]) == (
        "/aitl",
        "case 7 for <@U08BE2AGNT2|ben> in <#C08RN2DOM3C|random>",
    )
    assert (payload["user_name"], payload["channel_name"]) == ("ada", "support-cases")
    assert "thread_ts" not in payload


def test_the_answer_to_a_command_is_shown_to_one_or_to_all(
    hand: Any, ada: Person, customer: Person, in_background: InBackground
) -> None:
    private = in_background(ada.command, "help")
    hand.ack(hand.receive(), {"text": "For you"})
    public = in_background(ada.command, "help")
    hand.ack(hand.receive(), {"text": "For all", "response_type": "in_channel"})

    assert private.result()["response"]["is_ephemeral"] is True
    assert public.result()["response"]["text"] == "For all"
    assert [message["text"] for message in customer.messages("support-cases")] == ["For all"]


def test_a_command_in_a_private_channel_hides_its_name(
    hand: Any, sandbox: Sandbox, in_background: InBackground
) -> None:
    in_background(sandbox.person("lea").command, "help", "support-leads")

    assert hand.take()["channel_name"] == "privategroup"


def test_an_app_without_interactivity_gets_no_clicks() -> None:
    manifest = yaml.safe_load(default_manifest_path().read_text("utf-8"))
    manifest["settings"]["interactivity"]["is_enabled"] = False
    with Sandbox(manifest) as sandbox, pytest.raises(Refused, match="interactivity switched off"):
        sandbox.person("ada").shortcut("new_case")


def test_a_response_url_replaces_deletes_and_adds(
    shown: str, hand: Any, ada: Person, customer: Person, in_background: InBackground
) -> None:
    in_background(ada.click, "support-cases", shown, "use.a")
    url = hand.take()["response_url"]
    root = ada.messages("support-cases")[0]["ts"]

    def thread() -> list[str]:
        return [message["text"] for message in customer.messages("support-cases", root)][1:]

    httpx.post(url, json={"text": "Used", "replace_original": True, "blocks": []})
    replaced = thread()
    httpx.post(url, json={"text": "In the thread", "response_type": "in_channel", "thread_ts": root})
    added = thread()
    httpx.post(url, json={"delete_original": True})
    deleted = thread()

    assert replaced == ["Used"]
    assert added == ["Used", "In the thread"]
    assert deleted == ["In the thread"]


def test_a_response_url_works_five_times_within_half_an_hour(
    still_sandbox: Sandbox, clock: ManualClock, connect: Callable[[Sandbox], Any], in_background: InBackground
) -> None:
    hand = connect(still_sandbox)
    urls = []
    for _ in range(2):
        in_background(still_sandbox.person("ada").command, "help")
        urls.append(hand.take()["response_url"])

    answers = [httpx.post(urls[0], json={"text": str(number)}) for number in range(6)]
    clock.advance(30 * 60 + 1)
    late = httpx.post(urls[1], json={"text": "late"})

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 404]
    assert answers[5].json() == {"ok": False, "error": "used_url"}
    assert late.json() == {"ok": False, "error": "expired_url"}
    assert [breach.rule for breach in still_sandbox.violations] == ["used_response_url", "expired_response_url"]


def test_a_response_that_breaks_a_limit_is_refused(
    sandbox: Sandbox, hand: Any, ada: Person, in_background: InBackground
) -> None:
    in_background(ada.command, "help")
    url = hand.take()["response_url"]

    answer = httpx.post(url, json={"text": "x", "blocks": [{"type": "sparkle"}]})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_blocks")
    assert {breach.rule for breach in sandbox.violations} == {"block_kit"}
