"""The Web API answers, and refuses, as Slack's does; every refusal that is the app's mistake is noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Person, Sandbox
from bot.sandbox.manifest import default_manifest_path

CASES = "C08QW4SUP1A"
LEADS = "C08LD7SUP2B"
RANDOM = "C08RN2DOM3C"


def error_of(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call(**arguments)
    return str(refused.value.response["error"])


def rules(sandbox: Sandbox) -> list[str]:
    return [breach.rule for breach in sandbox.violations]


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_auth_test_names_the_bot_and_its_scopes(web: WebClient) -> None:
    response = web.auth_test()

    assert (response["team"], response["user_id"], response["bot_id"]) == (
        "Maplekey Support",
        "U08AT1L5BXS",
        "B08AT1L5BXR",
    )
    assert "chat:write" in str(response.headers["x-oauth-scopes"]).split(",")


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
def test_a_wrong_token_is_refused(sandbox: Sandbox, token: str, error: str) -> None:
    client = WebClient(token=token, base_url=sandbox.api_url)

    assert error_of(client.users_info, user="U08AD1AGNT1") == error


def test_the_wrong_kind_of_token_is_refused_and_noted(sandbox: Sandbox) -> None:
    client = WebClient(token=sandbox.app_token, base_url=sandbox.api_url)

    assert error_of(client.users_info, user="U08AD1AGNT1") == "not_allowed_token_type"
    assert rules(sandbox) == ["token_type"]


def test_an_unknown_method_is_refused_and_noted(sandbox: Sandbox, web: WebClient) -> None:
    assert error_of(web.api_call, api_method="chat.shout") == "unknown_method"
    assert rules(sandbox) == ["unknown_method"]


def test_unknown_and_missing_arguments_are_refused_and_noted(sandbox: Sandbox, web: WebClient) -> None:
    assert error_of(web.chat_postMessage, channel=CASES, text="x", volume="loud") == "invalid_arguments"
    assert error_of(web.api_call, api_method="reactions.add", params={"channel": CASES}) == "invalid_arguments"

    assert [breach.detail for breach in sandbox.violations] == [
        "chat.postMessage: unknown argument: volume",
        "reactions.add: missing required field: name",
        "reactions.add: missing required field: timestamp",
    ]


def test_team_id_is_accepted_everywhere(web: WebClient) -> None:
    assert web.chat_postMessage(channel=CASES, text="x", team_id="T08MK5Q2LRA")["ok"]


def test_a_missing_scope_is_named() -> None:
    manifest = yaml.safe_load(default_manifest_path().read_text("utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("chat:write")
    with Sandbox(manifest) as sandbox:
        client = WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)

        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel=CASES, text="x")

        assert refused.value.response["error"] == "missing_scope"
        assert refused.value.response["needed"] == "chat:write"
        assert rules(sandbox) == ["missing_scope"]


def test_arguments_come_as_form_query_or_json(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    blocks = [section("Hello")]
    url = f"{sandbox.api_url}chat.postMessage"

    as_form = httpx.post(url, headers=headers, data={"channel": CASES, "text": "x", "blocks": json.dumps(blocks)})
    as_json = httpx.post(url, headers=headers, json={"channel": CASES, "text": "x", "blocks": blocks})
    as_query = httpx.get(f"{sandbox.api_url}conversations.info?channel={CASES}&token={sandbox.bot_token}")

    assert as_form.json()["message"]["blocks"][0]["text"]["text"] == "Hello"
    assert as_json.json()["message"]["blocks"][0]["text"]["text"] == "Hello"
    assert as_query.json()["channel"]["name"] == "support-cases"


def test_a_body_that_is_not_json_is_refused(sandbox: Sandbox) -> None:
    headers = {"Authorization": f"Bearer {sandbox.bot_token}", "Content-Type": "application/json"}

    answer = httpx.post(f"{sandbox.api_url}chat.postMessage", headers=headers, content=b"{")

    assert answer.json() == {"ok": False, "error": "invalid_json"}


def test_a_posted_message_comes_back_with_what_slack_fills_in(web: WebClient, ada: Person) -> None:
    button = {"type": "button", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [section("See https://example.com/a."), {"type": "actions", "elements": [button]}]

    posted = web.chat_postMessage(channel=CASES, text="Look: https://example.com", blocks=blocks)["message"]

    assert posted["text"] == "Look: <https://example.com>"
    assert posted["blocks"][0]["block_id"]
    assert posted["blocks"][0]["text"] == {
        "type": "mrkdwn",
        "text": "See <https://example.com/a>.",
        "verbatim": False,
    }
    assert posted["blocks"][1]["elements"][0]["action_id"]
    assert posted["blocks"][1]["elements"][0]["text"]["emoji"] is True
    assert ada.messages("support-cases")[0]["blocks"] == posted["blocks"]


@pytest.mark.parametrize(("channel", "error"), [("C08NOWHERE1", "channel_not_found"), (RANDOM, "not_in_channel")])
def test_posting_where_the_app_is_not_is_refused(web: WebClient, channel: str, error: str) -> None:
    assert error_of(web.chat_postMessage, channel=channel, text="x") == error


def test_posting_in_an_archived_channel_is_refused(sandbox: Sandbox, web: WebClient) -> None:
    sandbox.person("lea").archive("support-cases")

    assert error_of(web.chat_postMessage, channel=CASES, text="x") == "is_archived"


def test_a_private_channel_without_the_app_does_not_exist_for_it(web: WebClient, sandbox: Sandbox) -> None:
    hidden = sandbox.person("lea").create_channel("secret-plans", is_private=True)

    assert error_of(web.conversations_info, channel=hidden) == "channel_not_found"


def test_a_message_to_a_person_opens_a_direct_conversation(web: WebClient, sandbox: Sandbox) -> None:
    posted = web.chat_postMessage(channel=sandbox.user("ada").id, text="Psst")

    assert posted["channel"].startswith("D")
    assert [message["text"] for message in sandbox.person("ada").messages(posted["channel"])] == ["Psst"]
    assert web.conversations_open(users=sandbox.user("ada").id)["channel"]["id"] == posted["channel"]


def test_a_thread_hangs_on_an_existing_root_only(sandbox: Sandbox, web: WebClient, customer: Person) -> None:
    root = customer.post("support-cases", "Case")
    reply = customer.post("support-cases", "More", thread_ts=root)

    assert error_of(web.chat_postMessage, channel=CASES, text="x", thread_ts="1.000001") == "thread_not_found"
    assert error_of(web.chat_postMessage, channel=CASES, text="x", thread_ts=reply) == "cannot_reply_to_message"
    assert rules(sandbox) == ["thread_ts_unknown", "thread_ts_not_root"]


def test_a_root_deleted_a_moment_ago_is_no_ones_fault(sandbox: Sandbox, web: WebClient, customer: Person) -> None:
    root = customer.post("support-cases", "Case")
    customer.delete("support-cases", root)

    assert error_of(web.chat_postMessage, channel=CASES, text="x", thread_ts=root) == "thread_not_found"
    assert sandbox.violations == []


def test_blocks_that_break_a_limit_are_refused_with_a_pointer(sandbox: Sandbox, web: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        web.chat_postMessage(channel=CASES, text="x", blocks=[section("")])

    response = refused.value.response
    assert (response["error"], response["errors"]) == (
        "invalid_blocks",
        ["min_length [json-pointer:/blocks/0/text/text]"],
    )
    assert rules(sandbox) == ["block_kit"]


def test_too_much_text_in_one_message_is_refused(sandbox: Sandbox, web: WebClient) -> None:
    blocks = [section("x" * 2500)] * 4

    assert error_of(web.chat_postMessage, channel=CASES, text="x", blocks=blocks) == "msg_blocks_too_long"
    assert rules(sandbox) == ["block_kit"]


def test_blocks_without_text_are_noted(sandbox: Sandbox, web: WebClient) -> None:
    web.api_call("chat.postMessage", json={"channel": CASES, "blocks": [section("x")]})

    assert rules(sandbox) == ["text_missing"]


def test_a_message_says_something(web: WebClient) -> None:
    assert error_of(web.api_call, api_method="chat.postMessage", json={"channel": CASES}) == "no_text"


def test_markdown_text_stands_alone(sandbox: Sandbox, web: WebClient) -> None:
    arguments = {"channel": CASES, "markdown_text": "**x**", "text": "x"}

    assert error_of(web.api_call, api_method="chat.postMessage", json=arguments) == "markdown_text_conflict"
    assert len(rules(sandbox)) == 1


def test_an_update_keeps_what_it_leaves_out_and_clears_what_it_empties(web: WebClient) -> None:
    metadata = {"event_type": "a", "event_payload": {"n": 1}}
    ts = web.chat_postMessage(channel=CASES, text="one", blocks=[section("x")], metadata=metadata)["ts"]

    kept = web.chat_update(channel=CASES, ts=ts, text="two")["message"]
    cleared = web.chat_update(channel=CASES, ts=ts, text="two", blocks=[])["message"]

    assert (kept["text"], kept["blocks"][0]["text"]["text"], kept["metadata"]) == ("two", "x", metadata)
    assert "blocks" not in cleared
    assert cleared["edited"]["user"] == "U08AT1L5BXS"


def test_an_update_with_a_long_text_is_refused(sandbox: Sandbox, web: WebClient) -> None:
    ts = web.chat_postMessage(channel=CASES, text="one")["ts"]

    assert error_of(web.chat_update, channel=CASES, ts=ts, text="x" * 4001) == "msg_too_long"
    assert len(rules(sandbox)) == 1


def test_somebody_elses_message_is_neither_updated_nor_deleted(
    sandbox: Sandbox, web: WebClient, customer: Person
) -> None:
    ts = customer.post("support-cases", "Mine")

    assert error_of(web.chat_update, channel=CASES, ts=ts, text="x") == "cant_update_message"
    assert error_of(web.chat_delete, channel=CASES, ts=ts) == "cant_delete_message"
    assert rules(sandbox) == ["not_own_message", "not_own_message"]


def test_a_deleted_message_is_gone(web: WebClient, ada: Person) -> None:
    ts = web.chat_postMessage(channel=CASES, text="one")["ts"]

    web.chat_delete(channel=CASES, ts=ts)

    assert ada.messages("support-cases") == []
    assert error_of(web.chat_delete, channel=CASES, ts=ts) == "message_not_found"


def test_an_ephemeral_message_is_seen_by_one_person_and_kept_nowhere(
    sandbox: Sandbox, web: WebClient, ada: Person, customer: Person
) -> None:
    ts = web.chat_postEphemeral(channel=CASES, user=ada.user_id, text="Only you")["message_ts"]

    assert [(message["text"], message["is_ephemeral"]) for message in ada.messages("support-cases")] == [
        ("Only you", True)
    ]
    assert customer.messages("support-cases") == []
    assert web.conversations_history(channel=CASES)["messages"] == []
    assert error_of(web.chat_update, channel=CASES, ts=ts, text="x") == "message_not_found"
    outsider = sandbox.user("guest").id
    assert error_of(web.chat_postEphemeral, channel=CASES, user=outsider, text="x") == "user_not_in_channel"


def test_a_permalink_leads_to_the_page(sandbox: Sandbox, web: WebClient, customer: Person) -> None:
    root = customer.post("support-cases", "Case")
    reply = customer.post("support-cases", "More", thread_ts=root)

    link = web.chat_getPermalink(channel=CASES, message_ts=reply)["permalink"]
    answer = httpx.get(link)

    assert link == f"{sandbox.url}/archives/{CASES}/p{reply.replace('.', '')}?thread_ts={root}&cid={CASES}"
    assert answer.headers["location"] == f"/#/U08AD1AGNT1/{CASES}/{root}"


def test_history_has_roots_newest_first_in_pages(web: WebClient, customer: Person) -> None:
    roots = [customer.post("support-cases", f"Case {number}") for number in range(3)]
    customer.post("support-cases", "More", thread_ts=roots[0])

    first = web.conversations_history(channel=CASES, limit=2)
    second = web.conversations_history(channel=CASES, limit=2, cursor=first["response_metadata"]["next_cursor"])
    since = web.conversations_history(channel=CASES, oldest=roots[1], inclusive=True)

    assert [message["text"] for message in first["messages"]] == ["Case 2", "Case 1"]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert [(message["text"], message["reply_count"]) for message in second["messages"]] == [("Case 0", 1)]
    assert [message["text"] for message in since["messages"]] == ["Case 2", "Case 1"]


def test_a_thread_has_its_root_first_and_metadata_when_asked(web: WebClient, customer: Person) -> None:
    metadata = {"event_type": "aitl_suggestion", "event_payload": {"case_id": "c1", "revision": 1}}
    root = customer.post("support-cases", "Case")
    web.chat_postMessage(channel=CASES, text="Draft", thread_ts=root, metadata=metadata)

    plain = web.conversations_replies(channel=CASES, ts=root)["messages"]
    full = web.conversations_replies(channel=CASES, ts=root, include_all_metadata=True)["messages"]

    assert [message["text"] for message in plain] == ["Case", "Draft"]
    assert "metadata" not in plain[1]
    assert full[1]["metadata"] == metadata
    assert full[1]["parent_user_id"] == customer.user_id
    assert error_of(web.conversations_replies, channel=CASES, ts="1.000001") == "thread_not_found"


def test_channels_are_listed_by_type_and_membership(web: WebClient) -> None:
    public = web.conversations_list()["channels"]
    every = web.conversations_list(types="public_channel,private_channel")["channels"]
    own = web.users_conversations(types="public_channel,private_channel")["channels"]

    assert [(channel["name"], channel["is_member"]) for channel in public] == [
        ("support-cases", True),
        ("random", False),
    ]
    assert [channel["name"] for channel in every] == ["support-cases", "support-leads", "random"]
    assert [channel["name"] for channel in own] == ["support-cases", "support-leads"]
    assert web.conversations_members(channel=LEADS)["members"] == ["U08LE3LEAD3", "U08AT1L5BXS"]


def test_people_are_told_apart(web: WebClient, sandbox: Sandbox) -> None:
    def flags(name: str) -> tuple[bool, bool, bool, bool]:
        user = web.users_info(user=sandbox.user(name).id)["user"]
        return user["is_bot"], user["is_restricted"], user["is_stranger"], user["deleted"]

    assert flags("ada") == (False, False, False, False)
    assert flags("helpdesk") == (True, False, False, False)
    assert flags("guest") == (False, True, False, False)
    assert flags("stranger") == (False, False, True, False)
    assert flags("dee") == (False, False, False, True)
    assert "stranger" not in {member["name"] for member in web.users_list()["members"]}
    assert error_of(web.users_info, user="U0NOBODY") == "user_not_found"


def test_user_groups_and_bots_are_known(web: WebClient, sandbox: Sandbox) -> None:
    group = web.usergroups_list(include_users=True)["usergroups"][0]

    assert (group["handle"], group["users"]) == ("support-leads", [sandbox.user("lea").id])
    assert web.usergroups_users_list(usergroup=group["id"])["users"] == [sandbox.user("lea").id]
    assert error_of(web.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"
    assert web.bots_info(bot="B08HD3K7PZX")["bot"]["app_id"] == "A08HD3K7PZW"


def test_the_apps_own_reactions_come_and_go(web: WebClient, customer: Person) -> None:
    ts = customer.post("support-cases", "Case")

    web.reactions_add(channel=CASES, timestamp=ts, name="eyes")

    assert error_of(web.reactions_add, channel=CASES, timestamp=ts, name="eyes") == "already_reacted"
    assert web.reactions_get(channel=CASES, timestamp=ts)["message"]["reactions"] == [
        {"name": "eyes", "users": ["U08AT1L5BXS"], "count": 1}
    ]
    web.reactions_remove(channel=CASES, timestamp=ts, name="eyes")
    assert error_of(web.reactions_remove, channel=CASES, timestamp=ts, name="eyes") == "no_reaction"


def test_joining_a_public_channel_needs_its_scope(sandbox: Sandbox, web: WebClient) -> None:
    assert error_of(web.conversations_join, channel=RANDOM) == "missing_scope"
    assert rules(sandbox) == ["missing_scope"]


def test_posting_under_another_name_needs_its_scope(sandbox: Sandbox, web: WebClient) -> None:
    assert error_of(web.chat_postMessage, channel=CASES, text="x", username="Somebody") == "missing_scope"
    assert rules(sandbox) == ["missing_scope"]


def test_a_status_is_shown_to_the_open_windows(web: WebClient, customer: Person, sandbox: Sandbox) -> None:
    root = customer.post("support-cases", "Case")
    url = f"{sandbox.url}/client/events?user={customer.user_id}"
    with httpx.stream("GET", url) as stream:
        every_line = stream.iter_lines()
        assert next(every_line) == ": open"
        lines = (line for line in every_line if line.startswith("data:"))
        web.assistant_threads_setStatus(channel_id=CASES, thread_ts=root, status="is drafting...")
        update = json.loads(next(lines).removeprefix("data: "))

    assert (update["type"], update["thread_ts"], update["status"]) == ("typing", root, "is drafting...")
