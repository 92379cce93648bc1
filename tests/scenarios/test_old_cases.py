"""Old cases whose words were removed: what stands in Slack stays, and whoever clicks there is told."""

from __future__ import annotations

from typing import Any

from core.retention import forget_old_words

SAID = "The words of these drafts were removed because the case is old"


def grow_old(scene: Any) -> None:
    """As if nothing had happened for more than a day."""
    scene.quiet()
    now = scene.parts.clock()
    assert forget_old_words(scene.store.forgetting, now.replace(year=now.year + 1), 1, pause_s=0) == 1


def test_a_click_on_old_drafts_changes_nothing_and_is_answered_privately(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    grow_old(scene)

    scene.click("ada", message, "preference.a2")
    scene.click("ben", message, "edit.a")

    scene.note("ada", thread_ts, SAID)
    scene.note("ben", thread_ts, SAID)
    assert list(scene.store.annotations.all("preference")) == []
    assert scene.person("ada").message("support-cases", message["ts"]) == message


def test_a_reaction_that_goes_takes_its_label_back_and_leaves_the_message(scene: Any) -> None:
    _, message = scene.post_case()
    scene.person("ada").react("support-cases", message["ts"], "b")
    scene.eventually(lambda: len(list(scene.store.annotations.all("preference"))) == 1, "the preference")
    scene.quiet()
    grow_old(scene)
    shown = scene.person("ben").message("support-cases", message["ts"])["blocks"]

    scene.person("ada").react("support-cases", message["ts"], "b", add=False)

    scene.eventually(lambda: next(scene.store.annotations.all("preference")).withdrawn, "the label to be taken back")
    scene.quiet()
    assert scene.person("ben").message("support-cases", message["ts"])["blocks"] == shown


def test_a_customer_who_writes_again_gets_drafts_of_the_new_words_only(scene: Any) -> None:
    thread_ts, _ = scene.post_case("When will I get my refund?")
    grow_old(scene)

    scene.person("ben").post("support-cases", "How do I get the wifi password?", thread_ts)

    scene.suggestion(thread_ts, 2)
    (case,) = scene.store.cases.recent(1)
    newest = scene.store.suggestions.latest(case.id)
    assert [turn.text for turn in newest.turns] == ["How do I get the wifi password?"]
    scene.eventually(lambda: scene.store.suggestions.state(newest.id) == "live", "the new drafts to stand in Slack")


def test_an_old_case_is_shown_without_its_words(scene: Any) -> None:
    scene.post_case("When will I get my refund?")
    grow_old(scene)
    (case,) = scene.store.cases.recent(1)

    scene.person("ada").command(f"case {case.id}")

    shown = str(scene.whisper("ada", case.id))
    assert "Older words of this case were removed" in shown
    assert "refund" not in shown
