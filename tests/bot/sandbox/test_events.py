"""Which events the app is told: only what it subscribed to, has the scope for, and is near."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox
from bot.sandbox.manifest import default_manifest_path

Connect = Callable[[Sandbox], Any]


def event_of(hand: Any) -> dict[str, Any]:
    return dict(hand.take()["event"])


@pytest.fixture
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load(default_manifest_path().read_text("utf-8")))


@pytest.fixture
def start(connect: Connect) -> Iterator[Callable[[dict[str, Any]], tuple[Sandbox, Any]]]:
    """Starts a sandbox with another manifest, and an app on it."""
    running: list[Sandbox] = []

    def start_with(manifest: dict[str, Any]) -> tuple[Sandbox, Any]:
        running.append(Sandbox(manifest).start())
        return running[-1], connect(running[-1])

    yield start_with
    for sandbox in running:
        sandbox.stop()


def test_a_message_in_a_channel_without_the_app_is_not_told(hand: Any, customer: Person) -> None:
    customer.post("random", "Lunch?")

    assert hand.receive_nothing()


def test_a_message_without_the_subscription_is_not_told(
    manifest: dict[str, Any], start: Callable[[dict[str, Any]], tuple[Sandbox, Any]]
) -> None:
    manifest["settings"]["event_subscriptions"]["bot_events"].remove("message.channels")
    sandbox, hand = start(manifest)

    sandbox.person("customer").post("support-cases", "Hello")

    assert hand.receive_nothing()


def test_a_message_without_the_scope_is_not_told(
    manifest: dict[str, Any], start: Callable[[dict[str, Any]], tuple[Sandbox, Any]]
) -> None:
    manifest["oauth_config"]["scopes"]["bot"].remove("channels:history")
    sandbox, hand = start(manifest)

    sandbox.person("customer").post("support-cases", "Hello")

    assert hand.receive_nothing()


def test_a_mention_is_told_twice_with_two_event_ids(hand: Any, ada: Person) -> None:
    ada.post("support-cases", "@aitl what about this?")

    first, second = hand.take(), hand.take()

    assert [first["event"]["type"], second["event"]["type"]] == ["message", "app_mention"]
    assert first["event"]["ts"] == second["event"]["ts"]
    assert first["event_id"] != second["event_id"]


def test_an_edit_is_told_with_both_texts(hand: Any, customer: Person) -> None:
    ts = customer.post("support-cases", "Where is my refun?")
    hand.take()

    customer.edit("support-cases", ts, "Where is my refund?")

    event = event_of(hand)
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert event["message"]["text"] == "Where is my refund?"
    assert event["message"]["edited"]["user"] == customer.user_id
    assert event["previous_message"]["text"] == "Where is my refun?"


def test_a_deletion_is_told_with_what_was_there(hand: Any, customer: Person) -> None:
    ts = customer.post("support-cases", "Never mind")
    hand.take()

    customer.delete("support-cases", ts)

    event = event_of(hand)
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", ts)
    assert event["previous_message"]["text"] == "Never mind"


def test_deleting_the_root_of_a_thread_leaves_a_tombstone_until_the_last_reply_is_gone(
    hand: Any, customer: Person, ada: Person
) -> None:
    root = customer.post("support-cases", "Where is my refund?")
    reply = ada.post("support-cases", "Looking into it", thread_ts=root)
    hand.take()
    hand.take()

    customer.delete("support-cases", root)
    buried = event_of(hand)
    ada.delete("support-cases", reply)
    first, second = event_of(hand), event_of(hand)

    assert (buried["subtype"], buried["message"]["subtype"]) == ("message_changed", "tombstone")
    assert buried["message"]["text"] == "This message was deleted."
    assert buried["previous_message"]["text"] == "Where is my refund?"
    assert [first["deleted_ts"], second["deleted_ts"]] == [reply, root]
    assert second["previous_message"]["subtype"] == "tombstone"
    assert ada.messages("support-cases") == []


def test_a_reaction_is_told_without_the_thread(hand: Any, customer: Person, ada: Person) -> None:
    root = customer.post("support-cases", "Case")
    reply = customer.post("support-cases", "More", thread_ts=root)
    hand.take()
    hand.take()

    ada.react("support-cases", reply, "a")
    added = event_of(hand)
    ada.react("support-cases", reply, "a", add=False)
    removed = event_of(hand)

    assert (added["type"], added["user"], added["reaction"]) == ("reaction_added", ada.user_id, "a")
    assert added["item"] == {"type": "message", "channel": "C08QW4SUP1A", "ts": reply}
    assert added["item_user"] == customer.user_id
    assert removed["type"] == "reaction_removed"


def test_the_app_hears_that_it_was_invited_and_by_whom(sandbox: Sandbox, hand: Any, ada: Person) -> None:
    ada.invite("random", sandbox.bot_user_id)

    joined, note = event_of(hand), event_of(hand)

    assert (joined["type"], joined["user"], joined["inviter"]) == (
        "member_joined_channel",
        sandbox.bot_user_id,
        ada.user_id,
    )
    assert note["subtype"] == "channel_join"


def test_the_app_hears_that_it_was_removed(sandbox: Sandbox, hand: Any, ada: Person) -> None:
    ada.kick("support-cases", sandbox.bot_user_id)

    left = event_of(hand)

    assert (left["type"], left["user"]) == ("member_left_channel", sandbox.bot_user_id)
    gone = event_of(hand)
    assert (gone["type"], gone["channel"]) == ("channel_left", left["channel"])
    assert hand.receive_nothing()


def test_a_channel_with_a_stranger_is_shared(sandbox: Sandbox, hand: Any, ada: Person, customer: Person) -> None:
    ada.invite("support-cases", sandbox.user("stranger").id)
    events = [event_of(hand) for _ in range(3)]

    customer.post("support-cases", "Hello partner")

    assert {event["type"] for event in events} == {"member_joined_channel", "message", "channel_shared"}
    assert hand.take()["is_ext_shared_channel"] is True


def test_an_archived_channel_is_told(hand: Any, sandbox: Sandbox) -> None:
    sandbox.person("lea").archive("support-cases")

    event = event_of(hand)

    assert (event["type"], event["channel"], event["user"]) == (
        "channel_archive",
        "C08QW4SUP1A",
        sandbox.user("lea").id,
    )


def test_the_apps_own_messages_are_told_too(hand: Any, web: WebClient) -> None:
    web.chat_postMessage(channel="C08QW4SUP1A", text="Mine")

    event = event_of(hand)

    assert (event["bot_id"], event["user"]) == ("B08AT1L5BXR", "U08AT1L5BXS")


def test_metadata_travels_in_no_message_event(hand: Any, web: WebClient) -> None:
    metadata = {"event_type": "aitl_reply", "event_payload": {"case_id": "7"}}
    web.chat_postMessage(channel="C08QW4SUP1A", text="Mine", metadata=metadata)

    assert "metadata" not in event_of(hand)


def test_a_help_desk_bot_posts_as_new_and_as_old_integrations_do(hand: Any, sandbox: Sandbox) -> None:
    helpdesk = sandbox.person("helpdesk")

    helpdesk.post("support-cases", "New case", attachments=[{"text": "My card was charged twice."}])
    new = event_of(hand)
    helpdesk.post("support-cases", "New case", username="Mail desk")
    old = event_of(hand)

    assert (new["bot_id"], new["user"], new.get("subtype")) == ("B08HD3K7PZX", "U08HD8HELP8", None)
    assert new["attachments"] == [{"text": "My card was charged twice."}]
    assert (old["subtype"], old["username"], "user" in old) == ("bot_message", "Mail desk", False)


def test_somebody_who_becomes_a_guest_is_told(hand: Any, sandbox: Sandbox) -> None:
    sandbox.change_user("ben", is_restricted=True)

    event = event_of(hand)

    assert (event["type"], event["user"]["is_restricted"]) == ("user_change", True)


def test_a_user_group_that_changes_is_told(hand: Any, sandbox: Sandbox) -> None:
    sandbox.set_group_members("support-leads", ["ada"])

    event = event_of(hand)

    assert (event["type"], event["added_users"], event["removed_users"]) == (
        "subteam_members_changed",
        [sandbox.user("ada").id],
        [sandbox.user("lea").id],
    )
    event = event_of(hand)
    assert (event["type"], event["subteam"]["users"]) == ("subteam_updated", [sandbox.user("ada").id])


def test_opening_the_home_is_told(hand: Any, ada: Person) -> None:
    assert ada.open_home() is None

    event = event_of(hand)

    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", ada.user_id, "home")
