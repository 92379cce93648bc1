"""One click sends a reply; the first send of a case wins; for a minute it can be taken back."""

from __future__ import annotations

from typing import Any

import pytest


def is_reply(message: dict[str, Any]) -> bool:
    return (message.get("metadata") or {}).get("event_type") == "aitl_reply"


def replies(scene: Any, thread_ts: str) -> list[dict[str, Any]]:
    return [one for one in scene.person("ada").messages("support-cases", thread_ts) if is_reply(one)]


def test_use_posts_the_text_without_marks_and_names_the_agent(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    suggestion = message["metadata"]["event_payload"]

    scene.click("ada", message, "use.a")

    reply = scene.reply(thread_ts, is_reply)
    assert reply["text"] == "Hello, Refunds reach your bank within 5 working days."
    assert f"<@{scene.slack.user('ada').id}>" in str(reply["blocks"])
    assert reply["metadata"]["event_payload"] == {
        "case_id": suggestion["case_id"],
        "suggestion_id": suggestion["suggestion_id"],
    }
    (adoption,) = list(scene.store.annotations.all("adoption"))
    assert (adoption.decision, adoption.slot, adoption.source) == ("as_is", "a", "button")
    assert scene.store.cases.get(suggestion["case_id"]).status == "answered"


def test_an_edited_draft_is_sent_as_written(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "edit.b")
    view = scene.person("ada").wait_for_view("adoption")
    element = next(block["element"] for block in view["blocks"] if block["block_id"] == "reply")
    assert element["initial_value"].startswith("Thank you for writing. Refunds reach your bank")
    assert "[1]" not in element["initial_value"]

    words = "5 days & <!channel> *not* <https://evil.example|click>, call +49 30 901820"
    values = {"reply": words, "reasons": ["too_long"], "rationale": None}
    assert scene.person("ada").submit(view["id"], values)["closed"]

    reply = scene.reply(thread_ts, is_reply)
    assert reply["text"] == "5 days &amp; &lt;!channel&gt; *not* &lt;https://evil.example|click&gt;, call +49 30 901820"
    (adoption,) = list(scene.store.annotations.all("adoption"))
    assert (adoption.decision, adoption.slot, adoption.reasons) == ("edited", "b", ("too_long",))
    assert adoption.final.endswith("call [phone]")


def test_an_empty_edit_keeps_the_form_open(scene: Any) -> None:
    _, message = scene.post_case()
    scene.click("ada", message, "edit.a")
    view = scene.person("ada").wait_for_view("adoption")

    answer = scene.person("ada").submit(view["id"], {"reply": "   "})

    assert "reply" in answer["errors"]


def test_somebody_was_first_so_the_second_is_asked(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "use.a")
    scene.reply(thread_ts, is_reply)

    scene.click("ben", message, "use.b")
    question = scene.note("ben", thread_ts, "already answered by")
    assert f"<@{scene.slack.user('ada').id}>" in question["text"]
    assert len(replies(scene, thread_ts)) == 1
    scene.click("ben", question, "send_anyway")

    scene.eventually(lambda: len(replies(scene, thread_ts)) == 2, "the second reply")
    texts = sorted(one["text"] for one in replies(scene, thread_ts))
    assert texts[1].startswith("Thank you for writing.")


def test_a_reply_is_undone_by_its_agent_only(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "use.a")
    reply = scene.reply(thread_ts, is_reply)

    scene.click("ben", reply, "undo")
    scene.note("ben", thread_ts, "Only <@")
    assert len(replies(scene, thread_ts)) == 1
    scene.click("ada", reply, "undo")

    scene.eventually(lambda: replies(scene, thread_ts) == [], "the reply to be gone")
    (adoption,) = list(scene.store.annotations.all("adoption"))
    assert adoption.withdrawn
    assert scene.store.cases.get(adoption.case_id).status == "open"


def test_clicking_twice_sends_once(scene: Any) -> None:
    thread_ts, message = scene.post_case()

    scene.click("ada", message, "use.a")
    envelope = scene.slack.deliveries[-1].envelope_id
    scene.reply(thread_ts, is_reply)
    scene.quiet()

    assert envelope
    assert len(replies(scene, thread_ts)) == 1


@pytest.mark.slow
def test_after_its_minute_a_reply_cannot_be_undone_any_more(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "edit.a")
    view = scene.person("ada").wait_for_view("adoption")
    scene.person("ada").submit(view["id"], {"reply": "Write to me@example.com & wait."})
    reply = scene.reply(thread_ts, is_reply)
    assert "undo" in str(reply["blocks"])

    def settled() -> Any:
        now = scene.person("ada").message("support-cases", reply["ts"])
        return now if "undo" not in str(now["blocks"]) else None

    for _ in range(4):  # a minute is longer than one wait
        try:
            after = scene.eventually(settled, "the button to go")
            break
        except AssertionError:
            continue
    assert after["text"] == "Write to me@example.com &amp; wait."
    assert is_reply(after)
