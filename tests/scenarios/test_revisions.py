"""Exactly one suggestion message per revision; the older one is marked and loses its buttons."""

from __future__ import annotations

from threading import Event
from typing import Any


def suggestions(scene: Any, thread_ts: str) -> list[int]:
    """The revisions that stand in the thread."""
    found = [
        (one.get("metadata") or {}).get("event_payload", {}).get("revision")
        for one in scene.person("ada").messages("support-cases", thread_ts)
        if (one.get("metadata") or {}).get("event_type") == "aitl_suggestion"
    ]
    return sorted(found)


def controls(message: dict[str, Any]) -> list[str]:
    return [
        control["action_id"]
        for block in message["blocks"]
        for control in [*block.get("elements", ()), block.get("accessory") or {}]
        if "action_id" in control
    ]


def test_again_makes_the_next_revision_and_strips_the_older_one(scene: Any) -> None:
    thread_ts, first = scene.post_case()
    assert controls(first)[:4] == ["use.a", "edit.a", "use.b", "edit.b"]

    scene.click("ada", first, "again")

    second = scene.suggestion(thread_ts, 2)
    assert "use.a" in controls(second)
    older = scene.message(first["ts"], lambda one: controls(one) == [])
    assert "Replaced by newer drafts" in str(older["blocks"])
    assert suggestions(scene, thread_ts) == [1, 2]


def test_two_agents_asking_again_at_once_get_one_revision(scene: Any) -> None:
    thread_ts, first = scene.post_case()

    both = Event()
    scene.parts.suggester.before = lambda case: both.wait(60) and None

    scene.click("ada", first, "again")
    scene.click("ben", first, "again")
    both.set()

    scene.suggestion(thread_ts, 2)
    scene.quiet()
    assert suggestions(scene, thread_ts) == [1, 2]


def test_a_customer_turn_makes_a_new_revision(scene: Any) -> None:
    thread_ts, _ = scene.post_case("When will I get my refund?", by="ben")

    scene.person("ben").post("support-cases", "And how do I cancel a booking?", thread_ts)

    second = scene.suggestion(thread_ts, 2)
    case = scene.store.cases.get(second["metadata"]["event_payload"]["case_id"])
    assert [turn.text for turn in case.turns] == ["When will I get my refund?", "And how do I cancel a booking?"]
    assert suggestions(scene, thread_ts) == [1, 2]


def test_turns_that_come_while_drafting_are_drafted_together(play: Any) -> None:
    suggester = None
    scene = play()
    suggester = scene.parts.suggester
    posted: list[str] = []

    def interrupt(case: Any) -> None:
        if not posted:
            posted.append(scene.person("ben").post("support-cases", "And my deposit?", case.thread_ts))
            scene.eventually(lambda: len(scene.store.cases.get(case.id).turns) == 2, "the second turn")

    suggester.before = interrupt
    thread_ts, message = scene.post_case("Where is my refund?", by="ben")
    scene.quiet()

    assert suggestions(scene, thread_ts) == [1]
    suggestion = scene.store.suggestions.get(message["metadata"]["event_payload"]["suggestion_id"])
    assert [turn.text for turn in suggestion.turns] == ["Where is my refund?", "And my deposit?"]


def test_a_click_on_a_replaced_revision_is_answered_privately(scene: Any) -> None:
    thread_ts, first = scene.post_case()
    suggestion_id = first["metadata"]["event_payload"]["suggestion_id"]
    scene.store.suggestions.retire(suggestion_id, "superseded")

    scene.click("ada", first, "preference.a2")

    scene.note("ada", thread_ts, "replaced by a newer one")
    assert list(scene.store.annotations.all("preference")) == []


def test_not_a_case_withdraws_the_candidates(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    scene.click("ada", message, "preference.a2")

    scene.click("ada", message, "not_a_case")

    gone = scene.message(message["ts"], lambda one: "nothing is learned" in str(one["blocks"]))
    assert controls(gone) == []
    assert "refund" not in str(gone["blocks"]).lower()
    assert (
        scene.store.cases.by_thread(scene.store.cases.recent(1)[0].team, scene.cases, thread_ts).status == "withdrawn"
    )


def test_an_edited_case_is_drafted_anew(scene: Any) -> None:
    thread_ts, _ = scene.post_case("When will I get my refund?", by="ben")

    scene.person("ben").edit("support-cases", thread_ts, "When is the deposit released?")

    scene.suggestion(thread_ts, 2)
    assert scene.store.cases.recent(1)[0].text == "When is the deposit released?"


def test_a_deleted_case_takes_its_candidates_along(scene: Any) -> None:
    thread_ts, message = scene.post_case("When will I get my refund?", by="ben")

    scene.person("ben").delete("support-cases", thread_ts)

    gone = scene.message(message["ts"], lambda one: "was deleted" in str(one["blocks"]))
    assert controls(gone) == []
    assert scene.store.cases.recent(1)[0].status == "withdrawn"


def test_an_empty_knowledge_base_says_how_to_fill_it_and_offers_another_go(scene: Any) -> None:
    articles = dict(scene.parts.suggester.articles)
    scene.parts.suggester.articles.clear()
    thread_ts, message = scene.post_case()
    assert "aitl ingest PATH" in str(message["blocks"])
    assert controls(message) == ["report_gap", "again", "not_a_case"]

    scene.parts.suggester.articles.update(articles)
    scene.click("ada", message, "again")

    assert "use.a" in controls(scene.suggestion(thread_ts, 2))
