"""Payloads of every kind with one thing wrong: kept, dropped or refused, each with a word in the log; nobody dies."""

from __future__ import annotations

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.scenarios.conftest import payload_of
from tests.scenarios.harness.poison import spoiled

COPIES = 8


@pytest.fixture
def forgiven() -> frozenset[str]:
    """What cannot be read may be refused; a made-up trigger opens no form, a made-up id is looked up in vain."""
    return frozenset({"unacked", "invalid_trigger", "exchanged_trigger", "expired_trigger", "arguments"})


@pytest.mark.slow
def test_a_payload_with_something_wrong_is_kept_or_refused_and_harms_nobody(scene: Any, caplog: Any, seed: int) -> None:
    caplog.set_level(logging.INFO, logger="aitl")
    _everything_once(scene)
    genuine = {_kind(one): one for one in scene.slack.deliveries}
    assert len(genuine) >= 20, sorted(genuine)

    with ThreadPoolExecutor(8) as lines:
        taken = [
            (f"{kind} with {how}", lines.submit(scene.slack.deliver, record.type, _fresh(payload)))
            for number, (kind, record) in enumerate(sorted(genuine.items()))
            for how, payload in spoiled(record.payload, seed * 1000 + number, COPIES)
        ]
    refused = [what for what, one in taken if not one.result()]

    # What we refuse has a reference; what nobody listens for, because not even its kind can be read, Bolt names.
    said = re.findall(r"ref [0-9a-f]{4}: |Unhandled request", caplog.text)
    assert len(said) >= len(refused), refused
    assert len(refused) < len(taken) / 2
    assert scene.bot.faults() == []
    thread_ts, message = scene.post_case("How do I cancel a booking?", by="customer")
    scene.click("ada", message, "use.a")
    scene.reply(thread_ts, lambda one: bool(payload_of(one, "aitl_reply")))


def _everything_once(scene: Any) -> None:
    """One genuine delivery of every kind."""
    ada, ben, lea = scene.person("ada"), scene.person("ben"), scene.person("lea")
    thread_ts, message = scene.post_case(by="customer")
    ada.post("support-cases", "A word of my own.", thread_ts)
    for add in (True, False):
        ben.react("support-cases", message["ts"], "b", add=add)
    for action, value in (("preference.a3", None), ("relevance.2", "helpful"), ("use.a", None)):
        scene.click("ada", message, action, value)
    for action, form, values in (
        ("edit.b", "adoption", {"reply": "Soon."}),
        ("neither", "rejection", {"reasons": ["tone"]}),
        ("report_gap", "missing_knowledge", {"description": "Gift cards", "kind": "missing"}),
    ):
        scene.click("ben", message, action)
        ben.submit(ben.wait_for_view(form)["id"], values)
    scene.click("ben", scene.note("ben", thread_ts, "already answered by"), "send_anyway")
    ada.command("case")
    ada.shortcut("new_case")
    ada.submit(ada.wait_for_view("new_case")["id"], {"channel": scene.cases, "text": "Is wifi included?"})
    ada.shortcut("draft_replies", "support-cases", thread_ts)
    ada.open_home()
    scene.slack.change_user("dee", deleted=True)
    scene.slack.set_group_members("support-leads", ["lea", "ada"])
    lea.invite("support-leads", scene.slack.user("ada").id)
    lea.kick("support-leads", scene.slack.user("ada").id)
    scene.click("ada", scene.reply(thread_ts, lambda one: "undo" in str(one.get("blocks"))), "undo")
    scene.click("ben", message, "again")
    turn = scene.person("customer").post("support-cases", "And my deposit?", thread_ts)
    scene.person("customer").edit("support-cases", turn, "And the deposit?")
    scene.person("customer").delete("support-cases", turn)
    scene.quiet()


def _kind(record: Any) -> str:
    payload = record.payload
    event = payload.get("event") or {}
    actions = payload.get("actions") or [{}]
    named = (event.get("type"), event.get("subtype"), actions[0].get("action_id"), payload.get("callback_id"))
    view = (payload.get("view") or {}).get("callback_id")
    return " ".join(str(part) for part in (record.type, payload.get("type"), *named, view) if part)


def _fresh(payload: Any) -> Any:
    """Not known as a delivery that came before."""
    if isinstance(payload, dict) and isinstance(payload.get("event_id"), str):
        payload["event_id"] = f"{payload['event_id'][:40]}{id(payload)}"
    return payload
