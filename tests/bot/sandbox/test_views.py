"""Modals open with a live trigger, stack three deep, conflict on stale hashes, and are submitted or closed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import ManualClock, Person, Sandbox
from bot.sandbox.people import Refused

InBackground = Callable[..., "Future[Any]"]


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value), "value": value}


def field(name: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(name),
        "element": {"action_id": name, **element},
        **more,
    }


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = list(blocks) or [field("reply", {"type": "plain_text_input", "initial_value": "Dear guest"})]
    return {"type": "modal", "title": plain("Form"), "submit": plain("Send"), "blocks": shown, **more}


def error_of(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


@pytest.fixture
def trigger(hand: Any, ada: Person, in_background: InBackground) -> Callable[[], str]:
    """Lets Ada take a shortcut and hands out its trigger."""

    def pull() -> str:
        in_background(ada.shortcut, "new_case")
        return str(hand.take()["trigger_id"])

    return pull


def test_a_trigger_opens_one_view_once(
    sandbox: Sandbox, web: WebClient, trigger: Callable[[], str], ada: Person
) -> None:
    trigger_id = trigger()

    opened = web.views_open(trigger_id=trigger_id, view=modal(callback_id="adoption"))["view"]

    assert (opened["callback_id"], opened["state"]) == ("adoption", {"values": {}})
    assert [view["id"] for view in ada.views()] == [opened["id"]]
    assert sandbox.person("ben").views() == []
    assert error_of(web.views_open, trigger_id=trigger_id, view=modal()) == "exchanged_trigger_id"
    assert error_of(web.views_open, trigger_id="made.up", view=modal()) == "invalid_trigger_id"
    assert [breach.rule for breach in sandbox.violations] == ["exchanged_trigger", "invalid_trigger"]


def test_a_trigger_lives_three_seconds(
    still_sandbox: Sandbox, clock: ManualClock, connect: Callable[[Sandbox], Any], in_background: InBackground
) -> None:
    hand = connect(still_sandbox)
    in_background(still_sandbox.person("ada").shortcut, "new_case")
    trigger_id = hand.take()["trigger_id"]
    web = WebClient(token=still_sandbox.bot_token, base_url=still_sandbox.api_url)

    clock.advance(3.1)

    assert error_of(web.views_open, trigger_id=trigger_id, view=modal()) == "expired_trigger_id"
    assert [breach.rule for breach in still_sandbox.violations] == ["expired_trigger"]


def test_a_view_that_breaks_a_limit_is_refused_before_the_trigger_is_spent(
    sandbox: Sandbox, web: WebClient, trigger: Callable[[], str]
) -> None:
    trigger_id = trigger()

    assert error_of(web.views_open, trigger_id=trigger_id, view=modal(title=plain("x" * 25))) == "invalid_arguments"
    assert error_of(web.views_open, trigger_id=trigger_id, view={"type": "home", "blocks": []}) == "invalid_arguments"
    assert web.views_open(trigger_id=trigger_id, view=modal())["ok"]
    assert {breach.rule for breach in sandbox.violations} == {"block_kit"}


def test_views_stack_three_deep(
    web: WebClient, hand: Any, trigger: Callable[[], str], ada: Person, in_background: InBackground
) -> None:
    button = {"type": "button", "action_id": "deeper", "text": plain("Deeper")}
    deep = modal({"type": "actions", "elements": [button]})
    top = web.views_open(trigger_id=trigger(), view=deep)["view"]

    def push() -> dict[str, Any]:
        in_background(ada.click_in_view, ada.views()[-1]["id"], "deeper")
        return dict(web.views_push(trigger_id=hand.take()["trigger_id"], view=deep)["view"])

    second, third = push(), push()
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        push()

    assert [view["id"] for view in ada.views()] == [top["id"], second["id"], third["id"]]
    assert (third["previous_view_id"], third["root_view_id"]) == (second["id"], top["id"])


def test_a_click_in_a_view_knows_no_channel_and_no_message(
    web: WebClient, hand: Any, trigger: Callable[[], str], ada: Person, in_background: InBackground
) -> None:
    button = {"type": "button", "action_id": "deeper", "text": plain("Deeper")}
    view_id = web.views_open(trigger_id=trigger(), view=modal({"type": "actions", "elements": [button]}))["view"]["id"]

    in_background(ada.click_in_view, view_id, "deeper")
    payload = hand.take()

    assert payload["container"] == {"type": "view", "view_id": view_id}
    assert payload["view"]["id"] == view_id
    assert {"channel", "message", "response_url"}.isdisjoint(payload)


def test_an_update_with_a_stale_hash_conflicts(web: WebClient, trigger: Callable[[], str], ada: Person) -> None:
    view = web.views_open(trigger_id=trigger(), view=modal())["view"]

    fresh = web.views_update(view_id=view["id"], hash=view["hash"], view=modal(title=plain("New")))["view"]

    assert fresh["title"]["text"] == "New"
    assert error_of(web.views_update, view_id=view["id"], hash=view["hash"], view=modal()) == "hash_conflict"


def test_a_closed_view_cannot_be_updated_and_that_is_nobodys_fault(
    sandbox: Sandbox, web: WebClient, trigger: Callable[[], str], ada: Person
) -> None:
    view = web.views_open(trigger_id=trigger(), view=modal())["view"]

    ada.close_view(view["id"])

    assert error_of(web.views_update, view_id=view["id"], view=modal()) == "not_found"
    assert sandbox.violations == []


def test_an_external_id_stands_for_one_view(web: WebClient, trigger: Callable[[], str]) -> None:
    web.views_open(trigger_id=trigger(), view=modal(external_id="case-7"))

    assert error_of(web.views_open, trigger_id=trigger(), view=modal(external_id="case-7")) == "duplicate_external_id"
    assert web.views_update(external_id="case-7", view=modal(external_id="case-7"))["ok"]


FULL_FORM = modal(
    field("reply", {"type": "plain_text_input", "initial_value": "Dear guest", "max_length": 20}),
    field("reasons", {"type": "multi_static_select", "options": [option("tone"), option("other")]}, optional=True),
    field("kind", {"type": "radio_buttons", "options": [option("missing")], "initial_option": option("missing")}),
    field("link", {"type": "url_text_input"}, optional=True),
    field("channel", {"type": "conversations_select"}, optional=True),
    field("count", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}, optional=True),
    callback_id="full",
    private_metadata="s1",
)


@pytest.fixture
def form(web: WebClient, trigger: Callable[[], str]) -> str:
    return str(web.views_open(trigger_id=trigger(), view=FULL_FORM)["view"]["id"])


def test_a_submission_carries_every_value_in_slacks_shape(
    form: str, hand: Any, ada: Person, in_background: InBackground
) -> None:
    values = {"reasons": ["tone", "other"], "link": "https://example.com", "channel": "C08QW4SUP1A", "count": "3"}
    answer = in_background(ada.submit, form, values)

    payload = hand.take()

    assert (payload["type"], payload["view"]["callback_id"]) == ("view_submission", "full")
    assert payload["view"]["private_metadata"] == "s1"
    held = payload["view"]["state"]["values"]
    assert held["reply"]["reply"] == {"type": "plain_text_input", "value": "Dear guest"}
    assert [chosen["value"] for chosen in held["reasons"]["reasons"]["selected_options"]] == ["tone", "other"]
    assert held["kind"]["kind"]["selected_option"]["value"] == "missing"
    assert held["link"]["link"]["value"] == "https://example.com"
    assert held["channel"]["channel"]["selected_conversation"] == "C08QW4SUP1A"
    assert held["count"]["count"]["value"] == "3"
    assert answer.result() == {"ok": True, "closed": True}
    assert ada.views() == []


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"reply": ""}, {"reply": "Please complete this required field."}),
        ({"reply": "x" * 21}, {"reply": "Please enter at most 20 characters."}),
        ({"link": "example"}, {"link": "Please enter a valid URL."}),
        ({"count": "0"}, {"count": "Please enter at least 1."}),
        ({"count": "many"}, {"count": "Please enter a number."}),
        ({"kind": None}, {"kind": "Please complete this required field."}),
    ],
)
def test_the_window_refuses_a_bad_value_without_asking_the_app(
    form: str, hand: Any, ada: Person, values: dict[str, Any], errors: dict[str, str]
) -> None:
    answer = ada.submit(form, values)

    assert answer == {"ok": False, "closed": False, "errors": errors}
    assert hand.receive_nothing()


def test_a_value_that_the_form_does_not_offer_is_refused(form: str, ada: Person, sandbox: Sandbox) -> None:
    with pytest.raises(Refused, match="does not offer 'luck'; it offers: tone, other"):
        ada.submit(form, {"reasons": ["luck"]})
    with pytest.raises(Refused, match="no input colour; it has: reply, reasons"):
        ada.submit(form, {"colour": "red"})
    with pytest.raises(Refused, match="somebody else's"):
        sandbox.person("ben").submit(form, {})


@pytest.mark.parametrize(
    ("response", "result"),
    [
        ({"response_action": "errors", "errors": {"reply": "No."}}, {"errors": {"reply": "No."}}),
        ({"response_action": "clear"}, {"ok": True, "closed": True}),
    ],
)
def test_the_app_answers_a_submission(
    form: str, hand: Any, ada: Person, in_background: InBackground, response: dict[str, Any], result: dict[str, Any]
) -> None:
    answer = in_background(ada.submit, form)
    hand.ack(hand.receive(), response)

    assert answer.result().items() >= result.items()


def test_the_app_shows_another_view_after_a_submission(
    form: str, hand: Any, ada: Person, in_background: InBackground
) -> None:
    updated = in_background(ada.submit, form)
    hand.ack(hand.receive(), {"response_action": "update", "view": modal(callback_id="second")})
    pushed = in_background(ada.submit, updated.result()["view"]["id"])
    hand.ack(hand.receive(), {"response_action": "push", "view": modal(callback_id="third")})

    assert pushed.result()["closed"] is False
    assert [view["callback_id"] for view in ada.views()] == ["second", "third"]


@pytest.mark.parametrize(
    "response",
    [
        {"response_action": "errors", "errors": {"nowhere": "No."}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "explode"},
        {"response_action": "update", "view": modal(title=plain("x" * 25))},
    ],
)
def test_an_answer_that_slack_does_not_understand_is_noted(
    form: str, hand: Any, ada: Person, sandbox: Sandbox, in_background: InBackground, response: dict[str, Any]
) -> None:
    answer = in_background(ada.submit, form)
    hand.ack(hand.receive(), response)

    assert answer.result()["ok"] is False
    assert len(sandbox.violations) == 1
    assert [view["id"] for view in ada.views()] == [form]


def test_closing_is_told_only_if_the_view_asks(
    web: WebClient, hand: Any, trigger: Callable[[], str], ada: Person, in_background: InBackground
) -> None:
    silent = web.views_open(trigger_id=trigger(), view=modal())["view"]["id"]
    ada.close_view(silent)
    assert hand.receive_nothing()

    loud = web.views_open(trigger_id=trigger(), view=modal(notify_on_close=True))["view"]["id"]
    in_background(ada.close_view, loud)

    payload = hand.take()
    assert (payload["type"], payload["view"]["id"], payload["is_cleared"]) == ("view_closed", loud, False)


def test_a_conversation_menu_starts_where_the_command_was_given(
    web: WebClient, hand: Any, ada: Person, in_background: InBackground
) -> None:
    menu = field("channel", {"type": "conversations_select", "default_to_current_conversation": True})
    in_background(ada.command, "help", "random")

    view = web.views_open(trigger_id=hand.take()["trigger_id"], view=modal(menu))["view"]

    assert view["blocks"][0]["element"]["initial_conversation"] == "C08RN2DOM3C"


def test_an_input_is_told_only_if_it_dispatches(
    web: WebClient, hand: Any, trigger: Callable[[], str], ada: Person, in_background: InBackground
) -> None:
    view = modal(
        field("quiet", {"type": "static_select", "options": [option("a")]}),
        field("loud", {"type": "static_select", "options": [option("b")]}, dispatch_action=True),
    )
    view_id = web.views_open(trigger_id=trigger(), view=view)["view"]["id"]

    assert ada.click_in_view(view_id, "quiet", "a") == {"ok": True, "acked": True}
    assert hand.receive_nothing()
    in_background(ada.click_in_view, view_id, "loud", "b")

    held = hand.take()["view"]["state"]["values"]
    assert held["quiet"]["quiet"]["selected_option"]["value"] == "a"
    assert held["loud"]["loud"]["selected_option"]["value"] == "b"


def test_a_home_is_published_for_one_person(web: WebClient, ada: Person, sandbox: Sandbox) -> None:
    blocks = [{"type": "section", "text": plain("Your week")}]

    web.views_publish(user_id=ada.user_id, view={"type": "home", "blocks": blocks})

    home = ada.open_home()
    assert home is not None
    assert home["blocks"][0]["text"]["text"] == "Your week"
    assert sandbox.person("ben").open_home() is None
