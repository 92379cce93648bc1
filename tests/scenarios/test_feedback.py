"""The four annotations through buttons, menus, forms and reactions, as agents click them."""

from __future__ import annotations

from typing import Any


def kept(scene: Any, kind: str, count: int = 1) -> list[Any]:
    """The annotations of a kind, once there are so many."""

    def look() -> list[Any] | None:
        found = list(scene.store.annotations.all(kind))
        return found if len(found) >= count else None

    return list(scene.eventually(look, f"{count} annotations of kind {kind}"))


def test_a_later_preference_replaces_the_earlier_one_and_only_its_agent_is_told_which(scene: Any) -> None:
    thread_ts, message = scene.post_case()

    scene.click("ada", message, "preference.a3")
    scene.note("ada", thread_ts, "A is much better")
    scene.click("ada", message, "preference.tie")
    scene.note("ada", thread_ts, "both are the same")

    first, second = kept(scene, "preference", 2)
    assert (first.superseded, second.superseded) == (True, False)
    assert (second.chosen_slot, second.strength) == (None, 0)
    public = scene.message(message["ts"], lambda one: "Feedback:" in str(one["blocks"]), by="ben")
    assert f"<@{scene.slack.user('ada').id}> (preference)" in str(public["blocks"])
    assert "same" not in str([block for block in public["blocks"] if block["type"] == "context"])
    assert [one for one in scene.person("ben").messages("support-cases", thread_ts) if one.get("is_ephemeral")] == []


def test_a_snippet_is_marked_and_the_mark_cleared(scene: Any) -> None:
    thread_ts, message = scene.post_case()

    scene.click("ada", message, "relevance.2", "outdated")
    scene.note("ada", thread_ts, "snippet 2 is outdated")
    scene.click("ada", message, "relevance.2", "clear")
    scene.note("ada", thread_ts, "cleared")

    (mark,) = kept(scene, "relevance")
    assert (mark.n, mark.label, mark.cited, mark.withdrawn) == (2, "outdated", True, True)


def test_a_refusal_without_a_reason_keeps_the_form_open(scene: Any) -> None:
    _, message = scene.post_case()
    scene.click("ada", message, "neither")
    view = scene.person("ada").wait_for_view("rejection")

    answer = scene.person("ada").submit(view["id"], {"reasons": []})

    assert answer["errors"] == {"reasons": "Choose at least one reason."}
    assert list(scene.store.annotations.all("adoption")) == []


def test_a_corrected_refusal_is_taken(scene: Any) -> None:
    _, message = scene.post_case()
    scene.click("ada", message, "neither")
    view = scene.person("ada").wait_for_view("rejection")
    scene.person("ada").submit(view["id"], {"reasons": []})

    values = {"reasons": ["wrong_fact", "tone"], "rationale": "It is 7 days.", "reply": "Seven days."}
    answer = scene.person("ada").submit(view["id"], values)

    assert answer["closed"]
    (refusal,) = kept(scene, "adoption")
    assert (refusal.decision, refusal.reasons) == ("rejected", ("wrong_fact", "tone"))
    assert (refusal.rationale, refusal.final, refusal.source) == ("It is 7 days.", "Seven days.", "modal")


def test_missing_knowledge_is_reported_and_listed(scene: Any) -> None:
    _, message = scene.post_case()
    scene.click("ada", message, "report_gap")
    view = scene.person("ada").wait_for_view("missing_knowledge")

    values = {
        "description": "Refunds to <!channel> gift cards",
        "kind": "exists_not_found",
        "link": "https://help.example/gift",
    }
    assert scene.person("ada").submit(view["id"], values)["closed"]

    (gap,) = kept(scene, "gap")
    assert (gap.kind, str(gap.link), gap.status) == ("exists_not_found", "https://help.example/gift", "open")
    scene.person("ada").command("gaps")
    scene.whisper("ada", "Refunds to &lt;!channel&gt; gift cards")


def test_a_reaction_prefers_and_taking_it_away_withdraws(scene: Any) -> None:
    _, message = scene.post_case()
    ada = scene.person("ada")

    ada.react("support-cases", message["ts"], "b")
    assert kept(scene, "preference")[0].withdrawn is False
    ada.react("support-cases", message["ts"], "b", add=False)

    scene.eventually(lambda: kept(scene, "preference")[0].withdrawn, "the preference to be withdrawn")
    preference = kept(scene, "preference")[0]
    assert (preference.chosen_slot, preference.strength, preference.source) == ("b", 2, "reaction")


def test_reactions_mark_snippets_and_turn_both_down(scene: Any) -> None:
    thread_ts, message = scene.post_case()
    ada = scene.person("ada")

    ada.react("support-cases", message["ts"], "three")
    ada.react("support-cases", message["ts"], "no_entry_sign")

    (mark,) = kept(scene, "relevance")
    assert (mark.n, mark.label, mark.source) == (3, "irrelevant", "reaction")
    (refusal,) = kept(scene, "adoption")
    assert (refusal.decision, refusal.source) == ("rejected", "reaction")
    question = scene.note("ada", thread_ts, "neither draft")
    scene.click("ada", question, "neither")
    assert scene.person("ada").wait_for_view("rejection")


def test_a_skin_tone_changes_nothing_and_names_are_configurable(play: Any) -> None:
    scene = play(reactions={"prefer_a": "thumbsup", "gap": "question"})
    thread_ts, message = scene.post_case()

    scene.person("ada").react("support-cases", message["ts"], "thumbsup::skin-tone-4")
    scene.person("ada").react("support-cases", message["ts"], "question")

    assert kept(scene, "preference")[0].chosen_slot == "a"
    question = scene.note("ada", thread_ts, "What should the knowledge base have said?")
    scene.click("ada", question, "report_gap")
    assert scene.person("ada").wait_for_view("missing_knowledge")


def test_an_own_reply_teaches_once_an_agent_confirms_it(scene: Any) -> None:
    thread_ts, _ = scene.post_case(by="ben")

    ts = scene.person("ada").post("support-cases", "It takes five working days.", thread_ts)
    assert kept(scene, "adoption")[0].confirmed is False
    scene.person("ben").react("support-cases", ts, "white_check_mark")

    scene.eventually(lambda: kept(scene, "adoption")[0].confirmed, "the reply to be confirmed")
    reply = kept(scene, "adoption")[0]
    assert (reply.decision, reply.final, reply.source) == ("own_reply", "It takes five working days.", "message")
    scene.person("ben").react("support-cases", ts, "white_check_mark", add=False)
    scene.eventually(lambda: not kept(scene, "adoption")[0].confirmed, "the confirmation to be taken back")


def test_which_way_somebody_judged_is_shown_once_the_case_is_closed(scene: Any) -> None:
    _, message = scene.post_case()
    scene.click("ada", message, "preference.b3")
    scene.message(message["ts"], lambda one: "(preference)" in str(one["blocks"]))

    scene.click("ben", message, "use.b")

    closed = scene.message(message["ts"], lambda one: "B much better" in _state_line(one))
    assert f"Sent: draft B by <@{scene.slack.user('ben').id}>" in _state_line(closed)


def _state_line(message: dict[str, Any]) -> str:
    return "\n".join(
        element["text"]
        for block in message["blocks"]
        if block["type"] == "context"
        for element in block["elements"]
        if "Open:" in element["text"] or "Feedback:" in element["text"]
    )
