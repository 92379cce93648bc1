"""Deliveries that come ten times and in any order leave the same state and the same posts as each coming once.

The order of what people do is Slack's business (its timestamps say it); the order of arrival is nobody's.
"""

from __future__ import annotations

import random
from threading import Event
from typing import Any

from tests.scenarios.conftest import said
from tests.scenarios.harness.snapshot import snapshot

AS_IT_COMES: dict[str, Any] = {"copies": 1, "seed": None}
CONVERSATION = [
    "case 1: open",
    "case 1 turn: customer: When is the deposit released?",
    "case 1 turn: customer: And how do I cancel?",
    "case 1 turn: agent: Let me look.",
    "case 1 revision 1: live",
    "case 1 said: ada: own_reply 'Let me look.' by message",
    "case 1 posted for everybody: aitl_suggestion 1",
    "case 2: withdrawn",
    "case 2 turn: customer: [deleted]",
]


def test_messages_edits_and_deletions_make_one_conversation(scene: Any) -> None:
    assert _conversation(scene, AS_IT_COMES) == CONVERSATION


def test_messages_edits_and_deletions_ten_times_in_any_order_make_the_same_conversation(scene: Any, seed: int) -> None:
    assert _conversation(scene, {"copies": 10, "seed": seed}) == CONVERSATION


def _conversation(scene: Any, order: dict[str, Any]) -> list[str]:
    """A case with turns, edits, deletions and an agent's word; another case that is deleted at once."""
    everything_is_in = Event()
    scene.parts.suggester.before = lambda case: everything_is_in.wait(60) and None
    ben, ada = scene.person("ben"), scene.person("ada")

    scene.slack.hold_events()
    first = ben.post("support-cases", "When will I get my refund?")
    ben.edit("support-cases", first, "When will I get the money?")
    turn = ben.post("support-cases", "And how can I leave?", first)
    ben.edit("support-cases", first, "When is the deposit released?")
    ben.edit("support-cases", turn, "And how do I cancel?")
    ben.delete("support-cases", ben.post("support-cases", "Never mind.", first))
    ada.post("support-cases", "Let me look.", first)
    ada.delete("support-cases", ada.post("support-cases", "Wrong thread.", first))
    second = ben.post("support-cases", "Is wifi included?")
    ben.delete("support-cases", second)
    scene.slack.release_events(**order)

    scene.eventually(lambda: _events_are_done(scene), "all events to be worked off")
    everything_is_in.set()
    scene.quiet()
    # Whether a deleted message was here for a moment depends on the order; nothing of it may stand.
    left = snapshot(scene.store, {"ada": ada, "ben": ben}, "support-cases")
    return [line for line in left if "(withdrawn)" not in line]


def _events_are_done(scene: Any) -> bool:
    return scene.store.cases.count() >= 2 and scene.store.inbox.pending("events") == 0


FEEDBACK = [
    "case 1: answered by ada",
    "case 1 turn: customer: When will I get my refund?",
    "case 1 turn: agent: Please ask your bank.",
    "case 1 revision 1: live",
    "case 1 said: ada: as_is 'Hello, Refunds reach your bank within 5 working days.' confirmed by button",
    "case 1 said: ada: finds snippet 2 helpful by button (withdrawn)",
    "case 1 said: ada: finds snippet 4 irrelevant by button (superseded)",
    "case 1 said: ada: finds snippet 4 outdated by button",
    "case 1 said: ada: own_reply 'Please ask your bank.' confirmed by message",
    "case 1 said: ada: prefers None by 0 by button (superseded)",
    "case 1 said: ada: prefers a by 3 by button (superseded)",
    "case 1 said: ada: prefers b by 1 by button",
    "case 1 said: ben: finds snippet 3 irrelevant by reaction (withdrawn)",
    "case 1 said: ben: misses 'Refunds to gift cards' by modal",
    "case 1 said: ben: prefers b by 2 by reaction",
    "case 1 said: ben: prefers b by 2 by reaction (superseded) (withdrawn)",
    "case 1 said: ben: rejected None confirmed by modal",
    "case 1 reply: posted: Hello, Refunds reach your bank within 5 working days.",
    "case 1 posted for ada: Noted: A is much better.",
    "case 1 posted for ada: Noted: B is slightly better.",
    "case 1 posted for ada: Noted: both are the same.",
    "case 1 posted for ada: Noted: snippet 2 helped.",
    "case 1 posted for ada: Noted: snippet 4 is not relevant.",
    "case 1 posted for ada: Noted: snippet 4 is outdated.",
    "case 1 posted for ada: Noted: your mark on snippet 2 is cleared.",
    "case 1 posted for ada: What should the knowledge base have said?",
    "case 1 posted for ben: Noted: neither draft.",
    "case 1 posted for ben: Thank you: the report is in the queue. `/aitl gaps` shows it.",
    "case 1 posted for ben: This case was already answered by <@U08AD1AGNT1> — send anyway?",
    "case 1 posted for everybody: aitl_reply",
    "case 1 posted for everybody: aitl_suggestion 1",
]


def test_clicks_reactions_forms_and_commands_leave_what_they_say(scene: Any) -> None:
    assert _feedback(scene, AS_IT_COMES) == FEEDBACK


def test_clicks_reactions_forms_and_commands_ten_times_in_any_order_leave_the_same(scene: Any, seed: int) -> None:
    assert _feedback(scene, {"copies": 10, "seed": seed}) == FEEDBACK


def _feedback(scene: Any, order: dict[str, Any]) -> list[str]:
    """Two agents say everything there is to say about one case, and change their minds."""
    ada, ben = scene.person("ada"), scene.person("ben")
    thread_ts, message = scene.post_case(by="customer")
    own_reply = ada.post("support-cases", "Please ask your bank.", thread_ts)
    scene.quiet()
    heard = len(scene.slack.deliveries)

    scene.slack.hold_events()
    for add in (True, False, True):
        ben.react("support-cases", message["ts"], "b", add=add)
        ben.react("support-cases", own_reply, "white_check_mark", add=add)
    for add in (True, False):
        ben.react("support-cases", message["ts"], "three", add=add)
    ada.react("support-cases", message["ts"], "mag")
    _click_everything(scene, message)
    _deliver_again(scene, heard, order)
    scene.slack.release_events(**order)

    scene.eventually(lambda: len(scene.slack.deliveries) >= heard + 9 * order["copies"], "all deliveries")
    scene.quiet()
    scene.eventually(lambda: _is_shown(scene, message["ts"]), "the state to be shown")
    return snapshot(scene.store, scene.people, "support-cases")


def _click_everything(scene: Any, message: dict[str, Any]) -> None:
    ada, ben = scene.person("ada"), scene.person("ben")
    for choice in ("a3", "tie", "b1"):
        scene.click("ada", message, f"preference.{choice}")
    for n, label in ((2, "helpful"), (2, "clear"), (4, "irrelevant"), (4, "outdated")):
        scene.click("ada", message, f"relevance.{n}", label)
    scene.click("ben", message, "neither")
    refusal = {"reasons": ["tone"], "rationale": "Too cold."}
    assert ben.submit(ben.wait_for_view("rejection")["id"], refusal)["closed"]
    scene.click("ben", message, "report_gap")
    gap = {"description": "Refunds to gift cards", "kind": "missing"}
    assert ben.submit(ben.wait_for_view("missing_knowledge")["id"], gap)["closed"]
    scene.click("ada", message, "use.a")
    scene.click("ben", message, "use.b")
    assert ada.command("gaps")["acked"]


def _deliver_again(scene: Any, heard: int, order: dict[str, Any]) -> None:
    """Each click, form and command so often in all."""
    envelopes = [one.envelope_id for one in scene.slack.deliveries[heard:] for _ in range(order["copies"] - 1)]
    random.Random(order["seed"]).shuffle(envelopes)
    for envelope in envelopes:
        scene.slack.resend(envelope)


def _is_shown(scene: Any, ts: str) -> bool:
    return "Sent: draft A" in said(scene.person("ada").message("support-cases", ts))
