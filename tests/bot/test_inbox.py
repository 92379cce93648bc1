"""Each delivery becomes one row, by a key made from its own ids."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt import BoltResponse

from bot.inbox import Delivery, delivery_of, keep, submission
from bot.people import Identity

OURSELVES = Identity("T1", "U0", "B0")


def event(kind: str = "message", **fields: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event_id": "Ev1", "event": {"type": kind, "channel": "C1", **fields}}


def click(action_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "5.0", "thread_ts": "4.0"},
        "actions": [{"action_id": action_id, "block_id": "b", "action_ts": "6.0", **fields}],
    }


def test_an_event_is_known_by_its_event_id() -> None:
    delivery = delivery_of(event(ts="1.0", text="Hi"), OURSELVES)

    assert delivery is not None
    assert (delivery.key, delivery.kind, delivery.lane) == ("event:Ev1", "message", "events")


def test_a_click_is_known_by_who_clicked_what_when() -> None:
    delivery = delivery_of(click("preference.a3", value="sug_1"), OURSELVES)

    assert delivery is not None
    assert (delivery.key, delivery.kind, delivery.lane) == (
        "action:T1:5.0:preference.a3:U1:6.0",
        "preference",
        "clicks",
    )
    assert (delivery.payload["value"], delivery.payload["thread_ts"]) == ("sug_1", "4.0")


def test_a_menu_gives_its_options_value() -> None:
    delivery = delivery_of(click("relevance.4", selected_option={"value": "outdated"}), OURSELVES)

    assert delivery is not None
    assert (delivery.kind, delivery.payload["value"]) == ("relevance", "outdated")


@pytest.mark.parametrize(
    "body",
    [
        click("edit.a"),
        click("neither"),
        click("report_gap"),
        click("preference.a9"),
        event("app_mention"),
        event(subtype="message_changed", message={"bot_id": "B0", "ts": "1.0"}),
        {"type": "view_submission", "view": {"callback_id": "adoption"}},
        {"type": "shortcut", "callback_id": "new_case"},
        {"command": "/other"},
    ],
)
def test_what_leaves_nothing_to_work_off_is_not_kept(body: dict[str, Any]) -> None:
    assert delivery_of(body, OURSELVES) is None


def test_reactions_are_worked_off_in_order_with_clicks() -> None:
    delivery = delivery_of(event("reaction_removed", reaction="a"), OURSELVES)

    assert delivery is not None
    assert delivery.lane == "clicks"


def test_the_same_answers_of_one_form_are_one_row_and_corrected_ones_another() -> None:
    def body(text: str) -> dict[str, Any]:
        return {"user": {"id": "U1"}, "view": {"id": "V1", "state": {"values": {"reply": {"reply": {"value": text}}}}}}

    first, same, other = (submission(body(text), "adoption", {}).key for text in ("a", "a", "b"))

    assert first == same
    assert first != other


def test_a_command_is_kept_under_its_trigger() -> None:
    body = {"command": "/aitl", "text": "gaps", "user_id": "U1", "channel_id": "C1", "trigger_id": "1.2.a"}

    kept = delivery_of({**body, "response_url": "https://slack.example/r", "token": "not kept"}, OURSELVES)

    assert kept is not None
    assert (kept.key, kept.kind, kept.lane) == ("command:1.2.a", "command", "clicks")
    assert kept.payload == {"user": "U1", "channel": "C1", "text": "gaps", "response_url": "https://slack.example/r"}


@pytest.mark.parametrize(
    "body",
    [
        {"command": "/aitl", "text": " Metrics 7d", "user_id": "U1", "trigger_id": "1.2.a"},
        click("metrics.all"),
        click("metrics.share"),
        click("models.promote"),
    ],
)
def test_what_counts_or_loads_for_seconds_holds_up_no_click(body: dict[str, Any]) -> None:
    delivery = delivery_of(body, OURSELVES)

    assert delivery is not None
    assert delivery.lane == "deploys"


@pytest.mark.parametrize(
    ("wrapping", "is_ours"),
    [
        ({"team_id": "T1"}, True),
        ({"team_id": "T2"}, False),
        ({"team_id": "T2", "authorizations": [{"team_id": "T1"}]}, True),  # written by somebody from T2
        ({"team_id": "T1", "authorizations": [{"team_id": "T2"}]}, False),
        ({"authorizations": [{"team_id": None, "enterprise_id": "E1"}]}, False),
        ({"authorizations": []}, True),
    ],
)
def test_only_what_our_own_installation_may_see_is_kept(wrapping: dict[str, Any], is_ours: bool) -> None:
    assert (delivery_of(event(ts="1.0", text="Hi") | wrapping, OURSELVES) is not None) == is_ours


def test_what_is_kept_is_acknowledged_at_once_and_what_is_not_goes_to_its_listener() -> None:
    kept: list[Delivery] = []
    keep_delivery = keep(kept.append, OURSELVES)

    def next() -> BoltResponse:
        return BoltResponse(status=299)

    assert keep_delivery(body=click("preference.a3", value="sug_1"), next=next).status == 200
    assert keep_delivery(body=click("edit.a", value="sug_1"), next=next).status == 299
    assert [delivery.kind for delivery in kept] == ["preference"]


def test_what_cannot_be_kept_is_not_acknowledged() -> None:
    def put(delivery: Delivery) -> None:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        keep(put, OURSELVES)(body=event(ts="1.0", text="Hi"), next=lambda: BoltResponse(status=299))
