"""What the virtual judge holds is put before the leads, and one click decides."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import wait_for
from core.exports import rows
from tests.scenarios.conftest import actions_of, said


def question(scene: Any) -> dict[str, Any] | None:
    """What the leads are asked; None as long as they are not."""
    asked = [one for one in scene.person("lea").messages("support-leads") if "Shall this teach?* “A is" in said(one)]
    assert len(asked) <= 1
    return asked[0] if asked else None


def judged(scene: Any) -> list[tuple[str, float]]:
    return [(row["judge"], row["weight"]) for row in rows(scene.store, "preferences", everything=True)]


@pytest.mark.slow  # an agent has a moment to correct what they said, so the judge waits
@pytest.mark.parametrize(
    ("action", "verdict", "words"),
    [("held.accept", ("accepted", 1.0), "it may teach"), ("held.drop", ("held", 0.0), "it is dropped")],
)
def test_a_lead_decides_in_one_click_what_a_held_preference_is_worth(
    play: Any, slack: Any, action: str, verdict: tuple[str, float], words: str
) -> None:
    scene = play(leads_channel=slack.channel("support-leads").id)
    _, message = scene.post_case()
    scene.click("ada", message, "preference.a3")
    scene.click("ada", message, "use.b")

    asked = wait_for(lambda: question(scene), 60, "the question to the leads")

    assert "“A is much better”" in said(asked)
    assert "prefers A significantly, but sent B as it was" in said(asked)
    assert slack.user("ada").id not in said(asked)
    assert actions_of(asked) == ["held.accept", "held.drop"]
    assert judged(scene) == [("held", 0.0)]
    assert list(rows(scene.store, "preferences")) == []

    scene.person("lea").click(scene.parts.settings.leads_channel, asked["ts"], action)

    lea = scene.person("lea")
    scene.eventually(lambda: words in said(lea.message("support-leads", asked["ts"])), "the answer")
    assert judged(scene) == [verdict]
