"""The main job, once through: a case, two cited drafts, a preference that is kept."""

from __future__ import annotations

from typing import Any


def test_a_case_gets_two_cited_drafts_and_a_click_is_kept(scene: Any) -> None:
    _, message = scene.post_case("When will I get my refund?", by="ben")

    scene.click("ada", message, "preference.a3")

    def kept() -> Any:
        return list(scene.store.annotations.all("preference"))

    preference = scene.eventually(kept, "a preference")[0]
    assert (preference.chosen_slot, preference.strength, preference.source) == ("a", 3, "button")
    assert preference.agent_id == scene.slack.user("ada").id
    assert preference.latency_s is not None
