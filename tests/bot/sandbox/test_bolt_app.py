"""A real Bolt app runs against the sandbox as it would against Slack, over real sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox, wait_for

RunBolt = Callable[[App], SocketModeHandler]

BUTTON = {"type": "button", "action_id": "greet", "value": "7", "text": {"type": "plain_text", "text": "Greet"}}
FORM = {
    "type": "modal",
    "callback_id": "greeting",
    "title": {"type": "plain_text", "text": "Greeting"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": {"type": "plain_text", "text": "Words"},
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


@pytest.fixture
def app(web: WebClient) -> App:
    """Answers every message with a button, the button with a form, and the form with a check."""
    app = App(client=web)

    @app.message("")
    def handle_message(message: dict[str, Any], say: Say) -> None:
        say(text="Press it", thread_ts=message["ts"], blocks=[{"type": "actions", "elements": [BUTTON]}])

    @app.event({"type": "message"})
    def handle_other_messages() -> None:
        """Acknowledge edits, deletions and joins."""

    @app.action("greet")
    def handle_greet(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("greeting")
    def handle_greeting(ack: Ack, view: dict[str, Any]) -> None:
        words = view["state"]["values"]["words"]["words"]["value"]
        if words == "rude":
            ack(response_action="errors", errors={"words": "Be kind."})
        else:
            ack()

    @app.command("/aitl")
    def handle_command(ack: Ack, command: dict[str, Any], respond: Respond) -> None:
        ack(f"You said: {command['text']}")
        respond("And this came later.")

    return app


def test_a_message_is_answered_in_its_thread(app: App, run_bolt: RunBolt, customer: Person, ada: Person) -> None:
    run_bolt(app)

    ts = customer.post("support-cases", "Where is my refund?")

    reply = ada.wait_for_reply("support-cases", ts, lambda message: True)
    assert (reply["text"], reply["thread_ts"]) == ("Press it", ts)


def test_a_button_opens_a_form_that_can_be_refused_and_then_sent(
    app: App, run_bolt: RunBolt, sandbox: Sandbox, ada: Person
) -> None:
    run_bolt(app)
    ts = ada.post("support-cases", "Hello?")
    reply = ada.wait_for_reply("support-cases", ts, lambda message: True)

    clicked = ada.click("support-cases", reply["ts"], "greet")
    view = ada.wait_for_view("greeting")
    empty = ada.submit(view["id"])
    rude = ada.submit(view["id"], {"words": "rude"})
    kind = ada.submit(view["id"], {"words": "Welcome!"})

    assert clicked == {"ok": True, "acked": True}
    assert empty["errors"] == {"words": "Please complete this required field."}
    assert rude["errors"] == {"words": "Be kind."}
    assert kind == {"ok": True, "closed": True}
    assert ada.views() == []
    assert sandbox.violations == []


def test_a_command_is_answered_at_once_and_again_later_to_that_person_only(
    app: App, run_bolt: RunBolt, ada: Person, customer: Person
) -> None:
    run_bolt(app)

    answer = ada.command("help @ben")

    assert answer["response"]["text"] == "You said: help <@U08BE2AGNT2|ben>"
    wait_for(lambda: any(seen["text"] == "And this came later." for seen in ada.messages("support-cases")))
    assert customer.messages("support-cases") == []


@pytest.mark.usefixtures("impatient")
def test_a_click_that_no_listener_takes_is_not_acknowledged(
    app: App, run_bolt: RunBolt, sandbox: Sandbox, web: WebClient, ada: Person
) -> None:
    run_bolt(app)
    unknown = BUTTON | {"action_id": "nobody"}
    ts = web.chat_postMessage(
        channel=sandbox.channel("support-cases").id, text="x", blocks=[{"type": "actions", "elements": [unknown]}]
    )["ts"]

    clicked = ada.click("support-cases", ts, "nobody")

    assert clicked["acked"] is False
    assert [breach.rule for breach in sandbox.violations] == ["unacked"]


def test_an_app_whose_connection_is_closed_comes_back_and_gets_what_it_missed(
    app: App, run_bolt: RunBolt, sandbox: Sandbox, customer: Person, ada: Person
) -> None:
    run_bolt(app)

    sandbox.disconnect_sockets()
    ts = customer.post("support-cases", "Still there?")

    assert ada.wait_for_reply("support-cases", ts, lambda message: True, timeout_s=20)["text"] == "Press it"
