"""What the virtual judge holds is put before the leads, and one click decides."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import wait_for
from core.exports import rows
from tests.scenarios.conftest import actions_of, payload_of, said


def question(scene: Any, about: str) -> dict[str, Any] | None:
    """What the leads are asked about this case; None as long as they are not."""
    messages = scene.person("lea").messages("support-leads")
    asked = [one for one in messages if "Shall this teach?* “A is" in said(one) and about in said(one)]
    assert len(asked) <= 1
    return asked[0] if asked else None


def judged(scene: Any, case_id: str) -> tuple[str, float]:
    [row] = [row for row in rows(scene.store, "preferences", everything=True) if row["case_id"] == case_id]
    return row["judge"], row["weight"]


@pytest.mark.slow  # an agent has a moment to correct what they said, so the judge waits
def test_a_lead_decides_in_one_click_what_a_held_preference_is_worth(play: Any, slack: Any) -> None:
    scene = play(leads_channel=slack.channel("support-leads").id)
    case_ids = []
    for _ in range(2):
        _, message = scene.post_case()
        case_ids.append(payload_of(message, "aitl_suggestion")["case_id"])
        scene.click("ada", message, "preference.a3")
        scene.click("ada", message, "use.b")

    asked = [wait_for(lambda about=one: question(scene, about), 60, "the question to the leads") for one in case_ids]

    for one, case_id in zip(asked, case_ids, strict=True):
        assert "“A is much better”" in said(one)
        assert "prefers A significantly, but sent B as it was" in said(one)
        assert slack.user("ada").id not in said(one)
        assert actions_of(one) == ["held.accept", "held.drop"]
        assert judged(scene, case_id) == ("held", 0.0)
    assert list(rows(scene.store, "preferences")) == []

    lea, leads = scene.person("lea"), scene.parts.settings.leads_channel
    for one, action, words in zip(asked, ("held.accept", "held.drop"), ("it may teach", "it is dropped"), strict=True):
        lea.click(leads, one["ts"], action)
        scene.eventually(lambda ts=one["ts"], words=words: words in said(lea.message("support-leads", ts)), words)

    assert [judged(scene, case_id) for case_id in case_ids] == [("accepted", 1.0), ("held", 0.0)]
