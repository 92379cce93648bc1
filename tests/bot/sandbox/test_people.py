"""People see what they may see, do what their window lets them, and are told plainly when it does not."""

from __future__ import annotations

import json

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox import Person, Sandbox, wait_for
from bot.sandbox.people import NothingHappened, Refused

CASES = "C08QW4SUP1A"


def test_a_window_shows_the_workspace(sandbox: Sandbox, ada: Person) -> None:
    state = ada.state()

    assert state["team"]["name"] == "Maplekey Support"
    assert (state["me"]["name"], state["me"]["color"]) == ("ada", "#2f7d5b")
    assert [channel["name"] for channel in state["channels"]] == ["support-cases", "random"]
    assert state["app"] == {
        "id": "A08AT1L5BXQ",
        "name": "AITL",
        "bot_user_id": sandbox.bot_user_id,
        "online": False,
    }
    assert [command["command"] for command in state["commands"]] == ["/aitl"]
    assert [shortcut["callback_id"] for shortcut in state["shortcuts"]] == ["draft_replies", "new_case"]
    assert state["emoji"]["white_check_mark"] == "✅"


def test_each_person_sees_their_own_channels(sandbox: Sandbox) -> None:
    def channels(name: str) -> list[str]:
        return [channel["name"] for channel in sandbox.person(name).state()["channels"]]

    assert channels("lea") == ["support-cases", "support-leads", "random"]
    assert channels("guest") == ["random"]
    assert channels("stranger") == ["random"]


def test_news_are_counted_until_they_are_read(ada: Person, customer: Person) -> None:
    customer.post("support-cases", "One")
    root = customer.post("support-cases", "Two")
    customer.post("support-cases", "A reply", thread_ts=root)

    before = ada.state()["channels"][0]["unread"]
    ada.messages("support-cases")

    assert (before, ada.state()["channels"][0]["unread"]) == (2, 0)
    assert customer.state()["channels"][0]["unread"] == 0


def test_a_thread_is_read_with_its_root_first(ada: Person, customer: Person) -> None:
    root = customer.post("support-cases", "Case")
    reply = ada.post("support-cases", "Answer", thread_ts=root)
    ada.post("support-cases", "Answer to the answer", thread_ts=reply)

    assert [message["text"] for message in ada.messages("support-cases")] == ["Case"]
    assert [message["text"] for message in ada.messages("support-cases", root)] == [
        "Case",
        "Answer",
        "Answer to the answer",
    ]
    assert ada.message("support-cases", reply)["text"] == "Answer"


def test_what_a_window_does_not_allow_is_said_plainly(sandbox: Sandbox, ada: Person, customer: Person) -> None:
    ts = customer.post("support-cases", "Mine")

    with pytest.raises(Refused, match=r"Ada \(agent\) is not in #random"):
        ada.kick("random", ada.user_id)
        ada.post("random", "x")
    with pytest.raises(Refused, match="somebody else's"):
        ada.edit("support-cases", ts, "x")
    with pytest.raises(Refused, match="Write something first"):
        ada.post("support-cases", "  ")
    with pytest.raises(Refused, match="There is no channel 'C08LD7SUP2B'"):
        ada.messages("support-leads")
    with Person(sandbox.url, "U0NOBODY") as nobody, pytest.raises(Refused, match="There is no user"):
        nobody.state()


def test_an_archived_channel_is_closed(sandbox: Sandbox, ada: Person) -> None:
    sandbox.person("lea").archive("random")

    with pytest.raises(Refused, match="#random is archived"):
        ada.post("random", "x")


def test_channels_are_made_and_joined(sandbox: Sandbox, ada: Person) -> None:
    ben = sandbox.person("ben")
    channel = ada.create_channel("escalations")
    ada.invite("escalations", ben.user_id)

    ben.post(channel, "Hi")

    texts = [message["text"] for message in ben.messages("#escalations")]
    assert texts == [message["text"] for message in ada.messages("escalations")]
    assert texts == ["<@U08BE2AGNT2> has joined the channel", "Hi"]
    with pytest.raises(Refused, match="There is a channel #escalations already"):
        ada.create_channel("escalations")
    with pytest.raises(Refused, match="is no channel name"):
        ada.create_channel("Big News!")


def test_reactions_add_up_and_go_away(ada: Person, customer: Person, sandbox: Sandbox) -> None:
    ts = customer.post("support-cases", "Case")

    for name in ("ada", "ben"):
        sandbox.person(name).react("support-cases", ts, "eyes")
    both = ada.messages("support-cases")[0]["reactions"]
    ada.react("support-cases", ts, "eyes", add=False)

    assert (both[0]["name"], both[0]["count"]) == ("eyes", 2)
    assert ada.messages("support-cases")[0]["reactions"][0]["users"] == [sandbox.user("ben").id]


def test_an_ephemeral_message_can_be_dismissed(web: WebClient, ada: Person) -> None:
    ts = web.chat_postEphemeral(channel=CASES, user=ada.user_id, text="Only you")["message_ts"]

    ada.delete("support-cases", ts)

    assert ada.messages("support-cases") == []


def test_open_windows_hear_of_everything_they_may_see(sandbox: Sandbox, ada: Person, customer: Person) -> None:
    with httpx.stream("GET", f"{sandbox.url}/client/events?user={ada.user_id}") as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": open"
        sandbox.person("lea").post("support-leads", "Not for Ada")
        ts = customer.post("support-cases", "For Ada")
        update = json.loads(next(line for line in lines if line.startswith("data:")).removeprefix("data: "))

    assert (update["type"], update["channel"], update["ts"]) == ("message", CASES, ts)
    assert update["message"]["text"] == "For Ada"


def test_breaches_and_calls_can_be_read(sandbox: Sandbox, web: WebClient) -> None:
    web.api_call("chat.postMessage", json={"channel": CASES, "text": "x"})

    log = httpx.get(f"{sandbox.url}/client/log").json()

    assert httpx.get(f"{sandbox.url}/client/violations").json() == {"violations": []}
    assert (log["calls"][0]["method"], log["calls"][0]["args"]["text"]) == ("chat.postMessage", "x")
    assert log["deliveries"] == []


def test_waiting_in_vain_says_for_what_and_how_long(ada: Person, customer: Person) -> None:
    ts = customer.post("support-cases", "Case")

    with pytest.raises(NothingHappened, match=rf"waited 0\.1 s for a reply in thread {ts} of support-cases, in vain"):
        ada.wait_for_reply("support-cases", ts, lambda message: True, timeout_s=0.1)


def test_waiting_returns_what_was_found() -> None:
    found = iter([None, None, "it"])

    assert wait_for(lambda: next(found), timeout_s=5) == "it"


def test_the_page_and_its_files_are_served(sandbox: Sandbox) -> None:
    page = httpx.get(f"{sandbox.url}/")
    icon = httpx.get(f"{sandbox.url}/static/icon.svg")

    assert page.headers["content-type"].startswith("text/html")
    assert "/static/js/main.js" in page.text
    assert icon.status_code == 200
