"""The connection breaks after a call took effect: whatever the call was, its effect is there once."""

from __future__ import annotations

from typing import Any

from tests.scenarios.conftest import payload_of, said


def calls(scene: Any, method: str) -> list[Any]:
    return [one for one in scene.slack.calls if one.method == method]


def posts(scene: Any, thread_ts: str, kind: str) -> list[dict[str, Any]]:
    return [one for one in scene.person("ada").messages("support-cases", thread_ts) if payload_of(one, kind)]


def test_a_suggestion_whose_answers_are_lost_twice_stands_once(scene: Any) -> None:
    scene.slack.fail_next("chat.postMessage", drop_after_write=True, times=2)

    thread_ts, message = scene.post_case()
    scene.quiet()

    assert len(posts(scene, thread_ts, "aitl_suggestion")) == 1
    scene.click("ada", message, "preference.a3")
    scene.message(message["ts"], lambda one: "Feedback:" in said(one))


def test_an_edited_reply_whose_answer_is_lost_is_sent_once_and_can_be_undone(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "edit.a")
    view = scene.person("ada").wait_for_view("adoption")
    scene.slack.fail_next("chat.postMessage", drop_after_write=True)

    assert scene.person("ada").submit(view["id"], {"reply": "Within five days."})["closed"]
    scene.quiet()

    (reply,) = posts(scene, thread_ts, "aitl_reply")
    scene.slack.fail_next("chat.delete", drop_after_write=True)
    scene.click("ada", reply, "undo")
    scene.eventually(lambda: not posts(scene, thread_ts, "aitl_reply"), "the reply to be gone")
    scene.quiet()
    assert scene.store.outbox.parked() == []
    assert scene.store.cases.recent(1)[0].status == "open"


def test_two_replies_of_one_suggestion_whose_answers_are_lost_stand_both_and_once_each(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.slack.fail_next("chat.postMessage", drop_after_write=True, times=2)

    scene.click("ada", message, "use.a")
    scene.click("ben", message, "use.b")
    scene.click("ben", scene.note("ben", thread_ts, "already answered by"), "send_anyway")
    scene.eventually(lambda: len(posts(scene, thread_ts, "aitl_reply")) == 2, "both replies")
    scene.quiet()

    texts = [one["text"].split()[0] for one in posts(scene, thread_ts, "aitl_reply")]
    assert sorted(texts) == ["Hello,", "Thank"]
    known = [reply.ts for reply in scene.store.replies.of_case(scene.store.cases.recent(1)[0].id)]
    assert sorted(known) == sorted(one["ts"] for one in posts(scene, thread_ts, "aitl_reply"))


def test_a_pasted_case_whose_answer_is_lost_is_one_root_message_and_one_case(scene: Any) -> None:
    ada = scene.person("ada")
    ada.shortcut("new_case")
    view = ada.wait_for_view("new_case")
    scene.slack.fail_next("chat.postMessage", drop_after_write=True)

    assert ada.submit(view["id"], {"channel": scene.cases, "text": "When will I get my refund?"})["closed"]
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")
    scene.quiet()

    roots = [one for one in ada.messages("support-cases") if "When will I get my refund?" in one["text"]]
    assert len(roots) == 1
    assert scene.store.cases.recent(1)[0].thread_ts == roots[0]["ts"]


def test_an_update_whose_answer_is_lost_is_made_again_and_shows_the_last_state(scene: Any) -> None:
    _, message = scene.post_case()
    scene.slack.fail_next("chat.update", drop_after_write=True)

    scene.click("ada", message, "preference.a3")
    scene.click("ben", message, "relevance.1", "helpful")

    shown = scene.message(message["ts"], lambda one: "(preference)" in said(one) and "(snippets)" in said(one))
    scene.quiet()
    assert shown["metadata"] == message["metadata"]
    assert scene.store.outbox.parked() == []


def test_a_private_note_whose_answer_is_lost_reaches_its_reader(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.slack.fail_next("chat.postEphemeral", drop_after_write=True)

    scene.click("ada", message, "preference.a3")
    scene.note("ada", thread_ts, "A is much better")
    scene.quiet()

    # Nobody can ask Slack what it showed to one person: twice is better than never.
    assert len(calls(scene, "chat.postEphemeral")) == 2
    assert len(list(scene.store.annotations.all("preference"))) == 1


def test_a_home_whose_answer_is_lost_is_published_all_the_same(scene: Any) -> None:
    scene.slack.fail_next("views.publish", drop_after_write=True)

    scene.person("lea").open_home()
    scene.eventually(lambda: len(calls(scene, "views.publish")) == 2, "the second attempt")
    scene.quiet()

    assert "What I do" in str(scene.person("lea").open_home())


def test_a_question_whose_dismissal_got_no_answer_is_dismissed_again(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "use.a")
    scene.click("ben", message, "use.b")
    question = scene.note("ben", thread_ts, "already answered by")
    scene.slack.fail_next("response_url", drop_after_write=True)

    scene.click("ben", question, "send_anyway")
    scene.eventually(lambda: len(posts(scene, thread_ts, "aitl_reply")) == 2, "the second reply")
    scene.quiet()

    mine = scene.person("ben").messages("support-cases", thread_ts)
    assert not any("already answered by" in one["text"] for one in mine)
    assert scene.store.outbox.parked() == []
