"""Cases that are edited, deleted, or answered by hand while the bot is at work on them."""

from __future__ import annotations

from threading import Event
from typing import Any

from core.exports import KINDS, rows


def suggestions(scene: Any, thread_ts: str) -> list[dict[str, Any]]:
    """The suggestion messages of a thread, by revision."""
    found = [
        one
        for one in scene.person("ada").messages("support-cases", thread_ts)
        if (one.get("metadata") or {}).get("event_type") == "aitl_suggestion"
    ]
    return sorted(found, key=lambda one: one["metadata"]["event_payload"]["revision"])


def case_of(scene: Any, message: dict[str, Any]) -> Any:
    return scene.store.cases.get(message["metadata"]["event_payload"]["case_id"])


def suggestion_of(scene: Any, message: dict[str, Any]) -> Any:
    return scene.store.suggestions.get(message["metadata"]["event_payload"]["suggestion_id"])


def everything_taught(scene: Any) -> list[dict[str, Any]]:
    return [row for kind in KINDS for row in rows(scene.store, kind)]


def said_again(scene: Any) -> list[Any]:
    """The solved cases that may be suggested again."""
    solved = scene.store.solved
    return list(solved.standing(solved.arrived(0)).values())


def test_an_edit_that_says_something_else_is_drafted_anew_and_marks_the_older_drafts(scene: Any) -> None:
    thread_ts, first = scene.post_case("When will I get my refund?", by="ben")

    scene.person("ben").edit("support-cases", thread_ts, "When is the deposit released?")

    second = scene.suggestion(thread_ts, 2)
    assert suggestion_of(scene, second).turns[0].text == "When is the deposit released?"
    scene.message(first["ts"], lambda one: "Replaced by newer drafts" in str(one["blocks"]))


def test_tidied_words_ask_for_no_new_draft(scene: Any) -> None:
    thread_ts, first = scene.post_case("when will i get my refund", by="ben")

    scene.person("ben").edit("support-cases", thread_ts, "When will I get my  refund?!")
    scene.eventually(lambda: case_of(scene, first).text == "When will I get my  refund?!", "the edit")
    scene.quiet()

    assert len(suggestions(scene, thread_ts)) == 1


def test_words_tidied_while_they_are_drafted_lose_no_draft(play: Any) -> None:
    scene, go_on = play(), Event()
    scene.parts.suggester.before = lambda case: go_on.wait(60) and None
    thread_ts = scene.person("ben").post("support-cases", "when will i get my refund")
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")

    scene.person("ben").edit("support-cases", thread_ts, "When will I get my refund?")
    scene.eventually(lambda: scene.store.cases.recent(1)[0].text.endswith("?"), "the edit")
    go_on.set()

    scene.suggestion(thread_ts)
    scene.quiet()
    assert len(suggestions(scene, thread_ts)) == 1


def test_a_burst_of_edits_is_drafted_once(play: Any) -> None:
    scene, go_on = play(), Event()
    thread_ts, first = scene.post_case("When will I get my refund?", by="ben")
    scene.parts.suggester.before = lambda case: go_on.wait(60) and None

    for text in ("Is my deposit", "Is my deposit released", "When is my deposit released?"):
        scene.person("ben").edit("support-cases", thread_ts, text)
    scene.eventually(lambda: case_of(scene, first).text == "When is my deposit released?", "the last edit")
    go_on.set()

    second = scene.suggestion(thread_ts, 2)
    scene.quiet()
    assert suggestion_of(scene, second).turns[0].text == "When is my deposit released?"
    assert len(suggestions(scene, thread_ts)) == 2


def test_an_edit_after_the_answer_only_marks_the_drafts_until_somebody_asks(scene: Any) -> None:
    thread_ts, first = scene.post_case("When will I get my refund?", by="ben")
    scene.click("ada", first, "use.a")
    scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    scene.quiet()

    scene.person("ben").edit("support-cases", thread_ts, "When is the deposit released?")
    scene.message(first["ts"], lambda one: "has changed since" in str(one["blocks"]))
    scene.quiet()
    assert len(suggestions(scene, thread_ts)) == 1

    scene.click("ada", first, "again")
    second = scene.suggestion(thread_ts, 2)
    assert suggestion_of(scene, second).turns[0].text == "When is the deposit released?"


def test_an_edit_after_the_answer_costs_nobody_the_drafts_they_asked_for(scene: Any) -> None:
    thread_ts, first = scene.post_case("When will I get my refund?", by="ben")
    scene.click("ada", first, "use.a")
    scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    scene.quiet()
    started, go_on = Event(), Event()

    def wait(case: Any) -> None:
        started.set()
        go_on.wait(60)

    scene.parts.suggester.before = wait
    scene.click("ada", first, "again")
    assert started.wait(60)
    scene.person("ben").edit("support-cases", thread_ts, "When is the deposit released?")
    scene.eventually(lambda: case_of(scene, first).text == "When is the deposit released?", "the edit")
    go_on.set()

    second = scene.suggestion(thread_ts, 2)
    assert suggestion_of(scene, second).turns[0].text == "When is the deposit released?"


def test_an_edit_of_what_the_customer_wrote_after_the_answer_is_drafted_anew(scene: Any) -> None:
    thread_ts, first = scene.post_case("When will I get my refund?", by="ben")
    scene.click("ada", first, "use.a")
    scene.reply(thread_ts, lambda one: (one.get("metadata") or {}).get("event_type") == "aitl_reply")
    later = scene.person("ben").post("support-cases", "And how do I cancel?", thread_ts)
    scene.suggestion(thread_ts, 2)

    scene.person("ben").edit("support-cases", later, "And when is the deposit released?")

    third = scene.suggestion(thread_ts, 3)
    assert suggestion_of(scene, third).turns[-1].text == "And when is the deposit released?"


def test_a_deleted_case_shows_nothing_and_teaches_nothing_any_more(scene: Any) -> None:
    thread_ts, message = scene.post_case("When will I get my refund?", by="ben")
    scene.click("ada", message, "preference.a3")
    scene.click("ada", message, "relevance.1", "helpful")
    scene.click("ada", message, "use.a")
    scene.eventually(lambda: said_again(scene), "the solved case")
    scene.quiet()
    assert len(everything_taught(scene)) == 4

    scene.person("ben").delete("support-cases", thread_ts)

    gone = scene.message(message["ts"], lambda one: "was deleted" in str(one["blocks"]))
    assert len(gone["blocks"]) == 1
    assert "bank" not in str(gone)
    assert everything_taught(scene) == []
    assert said_again(scene) == []


def test_a_case_deleted_while_it_is_drafted_gets_no_drafts(play: Any, slack: Any) -> None:
    scene, go_on = play(), Event()
    scene.parts.suggester.before = lambda case: go_on.wait(60) and None
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")

    scene.person("ben").delete("support-cases", thread_ts)
    scene.eventually(lambda: scene.store.cases.recent(1)[0].status == "withdrawn", "the deletion")
    go_on.set()
    scene.quiet()

    assert scene.store.suggestions.count() == 0
    assert [call for call in slack.calls if call.method == "chat.postMessage"] == []


def test_a_case_deleted_while_its_drafts_are_being_posted_loses_them_at_once(scene: Any, slack: Any) -> None:
    slack.fail_next("chat.postMessage", delay_s=2.0)
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.person("ada").post("support-cases", "Let me see.", thread_ts)
    scene.eventually(lambda: scene.store.suggestions.count() == 1, "the drafts")

    scene.person("ben").delete("support-cases", thread_ts)
    scene.quiet()

    shown = [one for one in suggestions(scene, thread_ts) if "was deleted" not in str(one["blocks"])]
    assert shown == []


def test_a_click_that_arrives_after_the_deletion_is_refused_in_words(scene: Any) -> None:
    thread_ts, message = scene.post_case(by="ben")
    suggestion = suggestion_of(scene, message)
    scene.store.cases.withdraw(suggestion.case_id)
    scene.store.suggestions.retire(suggestion.id, "withdrawn")

    scene.click("ada", message, "use.a")
    scene.note("ada", thread_ts, "has been withdrawn")
    scene.click("ada", message, "again")
    scene.note("ada", thread_ts, "These drafts were withdrawn")

    scene.quiet()
    assert everything_taught(scene) == []
    assert len(suggestions(scene, thread_ts)) == 1


def test_a_deleted_customer_message_takes_along_what_was_drafted_from_it(scene: Any) -> None:
    thread_ts, _ = scene.post_case("When will I get my refund?", by="ben")
    later = scene.person("ben").post("support-cases", "My secret word is xylophone.", thread_ts)
    second = scene.suggestion(thread_ts, 2)
    scene.click("ada", second, "preference.a3")
    scene.eventually(lambda: [row for row in everything_taught(scene) if "strength" in row], "the preference")

    scene.person("ben").delete("support-cases", later)

    third = scene.suggestion(thread_ts, 3)
    assert [turn.text for turn in suggestion_of(scene, third).turns] == ["When will I get my refund?"]
    scene.message(second["ts"], lambda one: "A message they were drafted from was deleted" in str(one["blocks"]))
    assert "xylophone" not in str([row for kind in KINDS for row in rows(scene.store, kind, everything=True)])


def test_drafts_are_shown_also_where_an_agent_was_faster_by_hand(play: Any) -> None:
    scene, go_on = play(), Event()
    scene.parts.suggester.before = lambda case: go_on.wait(60) and None
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")

    reply = scene.person("ada").post("support-cases", "Within five days.", thread_ts)
    scene.eventually(lambda: len(scene.store.cases.recent(1)[0].turns) == 2, "the agent's turn")
    go_on.set()

    message = scene.suggestion(thread_ts)
    assert [turn.text for turn in suggestion_of(scene, message).turns] == ["When will I get my refund?"]
    scene.person("ada").react("support-cases", reply, "white_check_mark")
    scene.eventually(lambda: said_again(scene), "the confirmed reply to teach")
